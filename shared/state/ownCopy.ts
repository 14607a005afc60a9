/**
 * An object as one of this global's own. In Firefox a content script sees the page's objects through wrappers that hide from it
 * whatever a prototype also names (a property `constructor`), boxed primitives, an error's cause, all of a BigInt64Array, and
 * that refuse to hand out a Map's entries or a buffer's bytes (measured with 153). Waiving them is safe for what a database
 * gave, since that is a fresh copy without accessors; copying it then leaves no wrapper. Elsewhere the object is its own already.
 *
 * What a request gave goes through here at once: of a wrapped `getAll` the items above read as undefined. One thing is not
 * kept: that a buffer and a view beside it in one value share their bytes.
 */
export function ownCopy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  // A wrapper has it as an accessor; as a plain property it would be the value's own.
  const waiver = Object.getOwnPropertyDescriptor(value, "wrappedJSObject");
  if (waiver?.get === undefined) return value;
  // In a list, since a File by itself would come back wrapped again.
  const copies: unknown[] = structuredClone([Reflect.get(value, "wrappedJSObject")]);
  return copies[0];
}

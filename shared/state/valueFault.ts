import { base64Length, isBase64 } from "./base64.ts";
import { bigIntLimit, bytesLimit, depthLimit, elementSizes, isTypedArrayKind, specialValues } from "./valueKinds.ts";

/** Where a foreign document is no Value, and what was expected there. The path holds positions and our own words only. */
export interface ValueFault {
  path: (string | number)[];
  expected: string;
}

interface Node {
  value: unknown;
  depth: number;
  /** The way here, as a list linked from its end: most are never looked at. */
  at: Step | undefined;
}
interface Step {
  name: string | number;
  before: Step | undefined;
}

/** The names given so far; of a buffer its length in bytes, for the views on it. */
type Names = Map<number, number | undefined>;

/** The first fault of what should be a Value, undefined for a good one. Without recursion: the document may be deep. */
export function valueFault(root: unknown): ValueFault | undefined {
  const names: Names = new Map();
  let bytes = 0;
  const open: Node[] = [{ value: root, depth: 0, at: undefined }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const looked = look(node.value, names);
    bytes += looked.bytes ?? 0;
    const expected = looked.expected
      ?? (node.depth > depthLimit ? `a value nested at most ${depthLimit} levels deep` : undefined)
      ?? (bytes > bytesLimit ? `at most ${bytesLimit} bytes of binary data in a value` : undefined);
    if (expected !== undefined) return { path: pathOf(node.at), expected };
    // Backwards onto the stack, so that they are read in order: a name must be given before it is referred to.
    for (const { value, path } of (looked.inside ?? []).toReversed()) {
      const at = path.reduce<Step | undefined>((before, name) => ({ name, before }), node.at);
      open.push({ value, depth: node.depth + 1, at });
    }
  }
  return undefined;
}

interface Inside {
  value: unknown;
  path: (string | number)[];
}
interface Looked {
  expected?: string;
  inside?: Inside[];
  bytes?: number;
}
type Fields = Record<string, unknown>;

/** One node by itself. Adds the names it gives. */
function look(value: unknown, names: Names): Looked {
  if (typeof value === "boolean" || typeof value === "string") return {};
  if (typeof value === "number") return isJsonNumber(value) ? {} : { expected: "a finite number other than -0" };
  if (!isFields(value)) return { expected: "a value" };
  const given = Object.keys(value).filter(isKind);
  const [kind] = given;
  if (kind === undefined || given.length > 1) return { expected: "a value of one known kind" };
  const looked = kinds[kind](value[kind], value, names);
  return looked.expected === undefined ? { ...looked, ...nameFault(kind, value, looked, names) } : looked;
}

const kinds = {
  v: (content) => either(specialValues.some((special) => special === content), "null, undefined, NaN, Infinity, -Infinity or -0"),
  d: (content) => either(content === "" || (isString(content) && !Number.isNaN(Date.parse(content))), "a date in ISO 8601, or nothing for an invalid one"),
  u: (content) => either(isString(content) && URL.canParse(content), "a URL"),
  bi: (content) => either(isString(content) && content.length <= bigIntLimit && /^(0|-?[1-9]\d*)$/.test(content), "a whole number in decimal"),
  e: (content) => {
    if (!isFields(content) || ![content.n, content.m, content.s].every(isString)) return { expected: "an error's name n, message m and stack s" };
    return content.own === undefined ? {} : members(content.own, ["e", "own"], (key) => key === "cause" || key === "errors");
  },
  r: (content) => either(isFields(content) && isString(content.p) && isString(content.f) && /^[dgimsuvy]*$/.test(content.f), "an expression p and its flags f"),
  a: (content, { n, more }) => {
    if (!Array.isArray(content)) return { expected: "a list of values" };
    if (n !== undefined && !(isCount(n) && n >= content.length && n < 2 ** 32)) return { expected: "an array's length n, as much as its values or more" };
    const named = more === undefined ? {} : members(more, ["more"], (key) => key !== "length");
    return { ...named, inside: [...listed(content, "a"), ...(named.inside ?? [])] };
  },
  o: (content) => members(content, ["o"]),
  m: (content) => {
    if (!isListOf(content, isPair)) return { expected: "a list of keys k and values v" };
    return { inside: content.flatMap(({ k, v }, index) => [{ value: k, path: ["m", index, "k"] }, { value: v, path: ["m", index, "v"] }]) };
  },
  s: (content) => (Array.isArray(content) ? { inside: listed(content, "s") } : { expected: "a list of values" }),
  ref: (content, _node, names) => either(typeof content === "number" && names.has(content), "a ref to an id given before it"),
  ta: (content, { buffer }, names) => {
    if (!isFields(content) || !isString(content.k) || !isTypedArrayKind(content.k)) return { expected: "a typed array's kind k and base64 b" };
    const size = elementSizes[content.k];
    const looked = binary(content, (bytes) => bytes % size === 0, `base64 of a multiple of ${size} bytes`);
    if (looked.expected !== undefined || buffer === undefined) return looked;
    return give(buffer, looked.bytes, names) ? looked : { expected: "an id that is given once" };
  },
  ab: (content) => binary(content, () => true, "base64"),
  view: (content, _node, names) => {
    if (!isFields(content) || !isString(content.k) || !isCount(content.at) || !isCount(content.n)) return { expected: "a view's buffer of, kind k, first byte at and length n" };
    const size = content.k === "dv" ? 1 : isTypedArrayKind(content.k) ? elementSizes[content.k] : undefined;
    const length = bufferLength(content.of, names);
    if (size === undefined || length === undefined) return { expected: "a view of a known kind on an ArrayBuffer" };
    const fits = content.at % size === 0 && content.at + content.n * size <= length;
    return fits ? { inside: [{ value: content.of, path: ["view", "of"] }] } : { expected: "a view within its buffer" };
  },
  box: (content) => either(isBoxable(content), "a boolean, number, string or BigInt in a box"),
  blob: (content) => (isFields(content) && isString(content.t) ? binary(content, () => true, "base64") : { expected: "a Blob's type t and base64 b" }),
  file: (content) =>
    isFields(content) && isString(content.t) && isString(content.n) && typeof content.m === "number" && isJsonNumber(content.m)
      ? binary(content, () => true, "base64")
      : { expected: "a File's type t, name n, modification m and base64 b" },
} satisfies Record<string, (content: unknown, node: Fields, names: Names) => Looked>;
type Kind = keyof typeof kinds;

const alwaysNamed: readonly Kind[] = ["a", "o", "m", "s"];
const neverNamed: readonly Kind[] = ["v", "u", "bi", "ref"];

function nameFault(kind: Kind, { id }: Fields, { bytes }: Looked, names: Names): Looked {
  if (neverNamed.includes(kind)) return {};
  if (id === undefined) return alwaysNamed.includes(kind) ? { expected: "an id" } : {};
  return give(id, kind === "ab" ? bytes : undefined, names) ? {} : { expected: "an id that is given once" };
}

function give(id: unknown, bytes: number | undefined, names: Names): boolean {
  if (typeof id !== "number" || !Number.isSafeInteger(id) || names.has(id)) return false;
  names.set(id, bytes);
  return true;
}

/** Of what a view is on: an ArrayBuffer written here, or one that was named. */
function bufferLength(of: unknown, names: Names): number | undefined {
  if (!isFields(of)) return undefined;
  if (typeof of.ref === "number") return names.get(of.ref);
  return isFields(of.ab) && isString(of.ab.b) && isBase64(of.ab.b) ? base64Length(of.ab.b) : undefined;
}

function binary(content: unknown, fits: (bytes: number) => boolean, expected: string): Looked {
  if (!isFields(content) || !isString(content.b) || !isBase64(content.b)) return { expected };
  const bytes = base64Length(content.b);
  return fits(bytes) ? { bytes } : { expected };
}

function members(content: unknown, path: (string | number)[], allows: (key: string) => boolean = () => true): Looked {
  if (!isListOf(content, isPair)) return { expected: "a list of names k and values v" };
  if (!content.every(({ k }) => isString(k) && allows(k))) return { expected: "names k that such a value has" };
  return { inside: content.map(({ v }, index) => ({ value: v, path: [...path, index, "v"] })) };
}

function listed(content: readonly unknown[], name: string): Inside[] {
  return content.map((value, index) => ({ value, path: [name, index] }));
}

function isBoxable(content: unknown): boolean {
  if (!isFields(content)) return look(content, new Map()).expected === undefined;
  const numeric = ["NaN", "Infinity", "-Infinity", "-0"].some((special) => special === content.v);
  return Object.keys(content).length === 1 && (numeric || ("bi" in content && look(content, new Map()).expected === undefined));
}

function either(fits: boolean, expected: string): Looked {
  return fits ? {} : { expected };
}

function pathOf(at: Step | undefined): (string | number)[] {
  const path: (string | number)[] = [];
  for (let step = at; step !== undefined; step = step.before) path.push(step.name);
  return path.reverse();
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(kinds, name);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** JSON has no word for the others. */
function isJsonNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function isPair(value: unknown): value is { k: unknown; v: unknown } {
  return isFields(value) && "k" in value && "v" in value;
}

function isListOf<T>(value: unknown, fits: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(fits);
}

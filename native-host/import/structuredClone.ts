import { SteadError } from "../../shared/errors.ts";

/** Containers within one another, and values in all: more than any add-on's settings have. */
const deepest = 100;
const mostValues = 1_000_000;

/**
 * A value as SpiderMonkey serialises it (js/src/vm/StructuredClone.cpp): words of 64 bits, little-endian, of which the upper
 * half is a tag. Reads what JSON can say, undefined, dates and objects around
 * a primitive; throws `fileFormat` for all else.
 */
export function readClone(bytes: Uint8Array): unknown {
  return new CloneReader(bytes).readDocument();
}

const tag = {
  doubleAtMost: 0xfff0_0000,
  header: 0xfff1_0000,
  null: 0xffff_0000,
  undefined: 0xffff_0001,
  boolean: 0xffff_0002,
  int32: 0xffff_0003,
  string: 0xffff_0004,
  date: 0xffff_0005,
  array: 0xffff_0007,
  object: 0xffff_0008,
  booleanObject: 0xffff_000a,
  stringObject: 0xffff_000b,
  numberObject: 0xffff_000c,
  backReference: 0xffff_000d,
  endOfKeys: 0xffff_0013,
} as const;

/** In a string's length: its characters take one byte each, not two. */
const latin1Bit = 0x8000_0000;

interface Word {
  tag: number;
  data: number;
  at: number;
}

class CloneReader {
  readonly #view: DataView;
  /** Objects in the order they begin, as back references count them. */
  readonly #objects: unknown[] = [];
  #at = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  readDocument(): unknown {
    const first = this.#word();
    if (first.tag === tag.header) return this.#value(this.#word(), 0);
    return this.#value(first, 0);
  }

  #value(word: Word, depth: number): unknown {
    if (++this.#values > mostValues || depth > deepest) throw refused("has more values, or more of them within one another, than can be read");
    if (word.tag <= tag.doubleAtMost) return this.#view.getFloat64(word.at, true);
    switch (word.tag) {
      case tag.null:
        return null;
      case tag.undefined:
        return undefined;
      case tag.boolean:
      case tag.booleanObject:
        return this.#kept(word, word.data !== 0);
      case tag.int32:
        return word.data | 0;
      case tag.string:
        return this.#string(word.data);
      case tag.stringObject:
        return this.#kept(word, this.#string(word.data));
      case tag.numberObject:
        return this.#kept(word, this.#double());
      case tag.date:
        return this.#kept(word, new Date(this.#double()));
      case tag.array:
        return this.#array(word.data, depth);
      case tag.object:
        return this.#object(depth);
      case tag.backReference:
        return this.#referred(word.data);
      default:
        throw refused("is of a kind that Stead does not read");
    }
  }

  #array(length: number, depth: number): unknown[] {
    const array: unknown[] = [];
    this.#objects.push(array);
    this.#properties(depth, (key, value) => {
      // Sparse arrays are not rebuilt: their holes would be allocated.
      if (typeof key === "number" && key < length && key === array.length) array.push(value);
      else throw refused("is an array with holes or names");
    });
    return array;
  }

  #object(depth: number): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    const place = this.#objects.push(undefined) - 1;
    this.#properties(depth, (key, value) => void entries.set(String(key), value));
    const object = Object.fromEntries(entries);
    this.#objects[place] = object;
    return object;
  }

  #properties(depth: number, take: (key: string | number, value: unknown) => void): void {
    for (;;) {
      const word = this.#word();
      if (word.tag === tag.endOfKeys) return;
      const key = this.#value(word, depth + 1);
      if (typeof key !== "string" && typeof key !== "number") throw refused("has a key that is neither text nor number");
      take(key, this.#value(this.#word(), depth + 1));
    }
  }

  #string(data: number): string {
    const latin1 = (data & latin1Bit) !== 0;
    const length = (data & ~latin1Bit) >>> 0;
    const size = length * (latin1 ? 1 : 2);
    if (size > this.#view.byteLength - this.#at) throw refused("ends before its text does");
    const bytes = Buffer.from(this.#view.buffer, this.#view.byteOffset + this.#at, size);
    this.#at += Math.ceil(size / 8) * 8;
    return bytes.toString(latin1 ? "latin1" : "utf16le");
  }

  #referred(index: number): unknown {
    const object = this.#objects[index];
    // Undefined as well while the object is being read: nothing JSON can say refers to itself.
    if (object === undefined) throw refused("refers to what is not there");
    return object;
  }

  /** Objects of primitive values are counted by back references, plain primitives are not. */
  #kept<T>(word: Word, value: T): T {
    if (word.tag !== tag.boolean) this.#objects.push(value);
    return value;
  }

  #double(): number {
    return this.#view.getFloat64(this.#word().at, true);
  }

  #word(): Word {
    const at = this.#at;
    if (at + 8 > this.#view.byteLength) throw refused("ends too early");
    this.#at += 8;
    return { data: this.#view.getUint32(at, true), tag: this.#view.getUint32(at + 4, true), at };
  }
}

function refused(why: string): SteadError {
  return new SteadError("fileFormat", `A stored value ${why}.`);
}

import { SteadError } from "../../shared/errors.ts";

/**
 * Uncompresses one block in snappy's raw format (google/snappy, format_description.txt), as Firefox keeps values of
 * IndexedDB. Throws `fileFormat` for what is none, `tooLarge` above `limit` bytes, before they are allocated.
 */
export function uncompress(block: Uint8Array, limit: number): Uint8Array {
  const { length, at: begin } = readLength(block);
  if (length > limit) throw new SteadError("tooLarge", `A compressed value is over the limit of ${limit} bytes.`);
  // A copy of three bytes yields 64 at most: whoever announces more lies.
  if (length > block.length * 32) throw corrupt();
  const out = new Uint8Array(length);
  let at = begin;
  let written = 0;
  while (at < block.length) {
    const element = readElement(block, at);
    if (element.length > length - written) throw corrupt();
    if (element.kind === "literal") {
      if (element.next + element.length > block.length) throw corrupt();
      out.set(block.subarray(element.next, element.next + element.length), written);
      at = element.next + element.length;
    } else {
      if (element.offset === 0 || element.offset > written) throw corrupt();
      // Byte by byte: a copy may reach into what it writes itself.
      for (let index = 0; index < element.length; index++) out[written + index] = out[written + index - element.offset] ?? 0;
      at = element.next;
    }
    written += element.length;
  }
  if (written !== length) throw corrupt();
  return out;
}

type Element = { kind: "literal"; length: number; next: number } | { kind: "copy"; length: number; offset: number; next: number };

function readElement(block: Uint8Array, at: number): Element {
  const tag = byteAt(block, at);
  const upper = tag >> 2;
  switch (tag & 3) {
    case 0: {
      const extra = upper < 60 ? 0 : upper - 59;
      return { kind: "literal", length: (extra === 0 ? upper : littleEndian(block, at + 1, extra)) + 1, next: at + 1 + extra };
    }
    case 1:
      return { kind: "copy", length: (upper & 7) + 4, offset: (tag >> 5) * 256 + byteAt(block, at + 1), next: at + 2 };
    case 2:
      return { kind: "copy", length: upper + 1, offset: littleEndian(block, at + 1, 2), next: at + 3 };
    default:
      return { kind: "copy", length: upper + 1, offset: littleEndian(block, at + 1, 4), next: at + 5 };
  }
}

/** Seven bits a byte, the lowest first; 32 bits in all. */
function readLength(block: Uint8Array): { length: number; at: number } {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = byteAt(block, at);
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) {
      if (length > 0xffff_ffff) throw corrupt();
      return { length, at: at + 1 };
    }
  }
  throw corrupt();
}

function littleEndian(block: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let index = 0; index < bytes; index++) value += byteAt(block, at + index) * 2 ** (8 * index);
  return value;
}

function byteAt(block: Uint8Array, at: number): number {
  const byte = block[at];
  if (byte === undefined) throw corrupt();
  return byte;
}

function corrupt(): SteadError {
  return new SteadError("fileFormat", "A value is not compressed as Firefox compresses it.");
}

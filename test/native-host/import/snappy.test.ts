import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uncompress } from "../../../native-host/import/snappy.ts";
import { errorCode } from "../../support/errorCode.ts";

type Part = { literal: readonly number[] } | { offset: number; length: number; tag: 1 | 2 | 3 };

/** A block of the parts, as a compressor would write it, and what it stands for. */
function block(parts: readonly Part[]): { bytes: Uint8Array; text: number[] } {
  const text: number[] = [];
  const body = parts.flatMap((part) => {
    if ("literal" in part) {
      text.push(...part.literal);
      return literal(part.literal);
    }
    for (let index = 0; index < part.length; index++) text.push(text[text.length - part.offset] ?? 0);
    return copy(part);
  });
  return { bytes: Uint8Array.from([...varint(text.length), ...body]), text };
}

function literal(bytes: readonly number[]): number[] {
  const length = bytes.length - 1;
  if (length < 60) return [length << 2, ...bytes];
  return length < 256 ? [60 << 2, length, ...bytes] : [61 << 2, length & 255, length >> 8, ...bytes];
}

function copy({ offset, length, tag }: { offset: number; length: number; tag: 1 | 2 | 3 }): number[] {
  if (tag === 1) return [((offset >> 8) << 5) | ((length - 4) << 2) | 1, offset & 255];
  const bytes = [offset & 255, (offset >> 8) & 255, 0, 0].slice(0, tag === 2 ? 2 : 4);
  return [((length - 1) << 2) | tag, ...bytes];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

const parts: fc.Arbitrary<Part[]> = fc
  .tuple(
    fc.array(fc.nat(255), { minLength: 1, maxLength: 300 }),
    fc.array(fc.oneof(
      fc.array(fc.nat(255), { minLength: 1, maxLength: 70 }).map((bytes) => ({ literal: bytes })),
      fc.record({ back: fc.nat(2000), length: fc.integer({ min: 4, max: 11 }), tag: fc.constantFrom(1 as const, 2 as const, 3 as const) }),
    ), { maxLength: 20 }),
  )
  .map(([first, rest]) => {
    let written = first.length;
    return [{ literal: first }, ...rest.map((part): Part => {
      const made = "literal" in part ? part : { offset: 1 + (part.back % written), length: part.length, tag: part.tag };
      written += "literal" in made ? made.literal.length : made.length;
      return made;
    })];
  });

describe("snappy's raw format", () => {
  it("is uncompressed whatever it is made of, copies that overlap themselves among it", () => {
    fc.assert(fc.property(parts, (given) => {
      const { bytes, text } = block(given);
      expect([...uncompress(bytes, 100_000)]).toEqual(text);
    }));
  });

  it("has no beginning that is a block of its own", async () => {
    const { bytes } = block([{ literal: [1, 2, 3, 4] }, { offset: 4, length: 8, tag: 2 }, { literal: Array.from({ length: 300 }, () => 7) }]);
    for (let end = 0; end < bytes.length; end++) expect(await errorCode(() => uncompress(bytes.subarray(0, end), 100_000))).toBe("fileFormat");
  });

  it("breaks with an error of its own, or not, wherever a byte is wrong", async () => {
    await fc.assert(fc.asyncProperty(parts, fc.nat(), fc.nat(255), async (given, place, byte) => {
      const { bytes } = block(given);
      bytes[place % bytes.length] = byte;
      expect(["none", "fileFormat", "tooLarge"]).toContain(await errorCode(() => uncompress(bytes, 100_000)));
    }));
  });

  it.each<[string, number[], number, string]>([
    ["nothing", [], 10, "fileFormat"],
    ["more than the limit", [100, 0], 99, "tooLarge"],
    ["a length without an end", [255, 255, 255, 255, 255], 10, "fileFormat"],
    ["a length that such a block cannot have", [128, 128, 128, 64, 0, 1], 1e9, "fileFormat"],
    ["a copy from before the beginning", [8, 0, 1, (3 << 2) | 1, 2], 10, "fileFormat"],
    ["a copy of itself", [8, 0, 1, (3 << 2) | 1, 0], 10, "fileFormat"],
    ["more than it announces", [1, 4, 1, 2], 10, "fileFormat"],
    ["less than it announces", [3, 4, 1, 2], 10, "fileFormat"],
  ])("is refused for %s", async (_what, bytes, limit, code) => {
    expect(await errorCode(() => uncompress(Uint8Array.from(bytes), limit))).toBe(code);
  });
});

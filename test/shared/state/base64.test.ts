import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64Length, fromBase64, isBase64, toBase64 } from "../../../shared/state/base64.ts";

describe("base64", () => {
  it("is what Node writes, and comes back byte for byte", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(isBase64(text)).toBe(true);
        expect(base64Length(text)).toBe(bytes.length);
        expect(Buffer.from(fromBase64(text)).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each([0, 1, 24_575, 24_576, 24_577, 49_152, 1_000_003])("joins its pieces without a seam: %d bytes", (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7919) % 256);
    const text = toBase64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString("base64"));
    expect(Buffer.from(fromBase64(text)).equals(bytes)).toBe(true);
  });

  it.each(["A", "AA", "AAA", "A===", "AA=A", "=AAA", "AAAA=", "AA A", "AA\n=", "AA-_", "AAA\u00e9"])("does not take %j for it", (text) => {
    expect(isBase64(text)).toBe(false);
  });
});

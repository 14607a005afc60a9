import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTextKey } from "../../../native-host/import/indexedDbKey.ts";

/** As dom/indexedDB/Key.cpp writes a text. */
function encode(text: string): Uint8Array {
  const bytes = [0x30];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit <= 0x7e) bytes.push(unit + 1);
    else if (unit <= 0x3fff + 0x7f) bytes.push(0x80 + ((unit - 0x7f) >> 8), (unit - 0x7f) & 255);
    else bytes.push(0xc0 + (unit >> 10), (unit >> 2) & 255, (unit & 3) << 6);
  }
  return Uint8Array.from(bytes);
}

describe("a key of IndexedDB", () => {
  it("gives back the text it was made of", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(readTextKey(encode(text))).toBe(text);
    }));
    expect(readTextKey(encode("siteContainerMap@@_bücher.example3000"))).toBe("siteContainerMap@@_bücher.example3000");
  });

  it.each([["a number", [0x10, 1, 2, 3, 4, 5, 6, 7, 8]], ["an array", [0x50, 0x31]], ["nothing", []], ["a text of more than 4096 characters", [0x30, ...Array.from({ length: 5000 }, () => 98)]]])(
    "is passed over when it is %s",
    (_what, bytes) => {
      expect(readTextKey(Uint8Array.from(bytes))).toBeUndefined();
    },
  );
});

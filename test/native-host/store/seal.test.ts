import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds, seal, type SealContext, sealOverhead, unseal } from "../../../native-host/store/seal.ts";

const key = randomBytes(32);
const context: SealContext = { store: "s", kind: "item", owner: "p", id: "h", keyVersion: 1, revision: 7 };

describe("a sealed value", () => {
  it("opens to what was sealed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (plain) => {
        const sealed = seal(key, plain, context);
        expect(sealed.length).toBe(plain.length + sealOverhead);
        expect(unseal(key, sealed, context)).toEqual(Buffer.from(plain));
      }),
    );
  });

  it("is never the same twice", () => {
    const nonces = new Set(Array.from({ length: 1000 }, () => seal(key, Buffer.from("x"), context).toString("hex", 0, 12)));
    expect(nonces.size).toBe(1000);
  });

  it.each<[keyof SealContext, Partial<SealContext>]>([
    ["store", { store: "t" }],
    ["kind", { kind: "project" }],
    ["owner", { owner: "q" }],
    ["id", { id: "i" }],
    ["keyVersion", { keyVersion: 2 }],
    ["revision", { revision: 6 }],
  ])("does not open with another %s", (_field, other) => {
    expect(unseal(key, seal(key, Buffer.from("x"), context), { ...context, ...other })).toBeUndefined();
  });

  it("does not open where its context only reads the same when strung together", () => {
    const sealed = seal(key, Buffer.from("x"), { ...context, owner: "ab", id: "c" });
    expect(unseal(key, sealed, { ...context, owner: "a", id: "bc" })).toBeUndefined();
  });

  it("does not open with another key, with any bit changed, or cut to any length", () => {
    const sealed = seal(key, Buffer.from("value"), context);
    expect(unseal(randomBytes(32), sealed, context)).toBeUndefined();
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(unseal(key, flipped, context)).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++) expect(unseal(key, sealed.subarray(0, length), context)).toBeUndefined();
  });
});

describe("a column of a damaged file", () => {
  const sealed = seal(key, Buffer.from("plain"), context);
  it.each([["text", sealed.toString("latin1")], ["a number", 7], ["nothing", null], ["nothing at all", undefined], ["a list", [...sealed]]])(
    "that holds %s opens to nothing and holds no bytes",
    (_what, column) => {
      expect(unseal(key, column, context)).toBeUndefined();
      expect(holds(column, sealed)).toBe(false);
    },
  );

  it("that is whole holds its bytes and no others", () => {
    expect(holds(sealed, Buffer.from(sealed))).toBe(true);
    expect(holds(sealed, sealed.subarray(1))).toBe(false);
  });
});

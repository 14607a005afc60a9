import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrapWithPassphrase, wrapWithPassphrase } from "../../../native-host/vault/passphrase.ts";
import { errorCode } from "../../support/errorCode.ts";

const root = randomBytes(32);
const passphrase = "correct horse battery";
const wrapped = wrapWithPassphrase(root, passphrase, "store-1");

describe("a root key under a passphrase", () => {
  it("opens with the same passphrase, however its letters are composed", async () => {
    expect(await unwrapWithPassphrase(await wrapped, passphrase, "store-1")).toEqual(root);
    const composed = await wrapWithPassphrase(root, "Caf\u00e9 au lait", "store-1");
    expect(await unwrapWithPassphrase(composed, "Cafe\u0301 au lait", "store-1")).toEqual(root);
  });

  it.each([
    ["another passphrase", "correct horse batterz", "store-1"],
    ["the passphrase in another case", "Correct horse battery", "store-1"],
    ["no passphrase", "", "store-1"],
    ["the record of another store", passphrase, "store-2"],
  ])("does not open with %s", async (_what, given, store) => {
    const kdf = await wrapped;
    expect(await errorCode(() => unwrapWithPassphrase(kdf, given, store))).toBe("keyWrong");
  });

  it("is not made with a passphrase that is guessed at once", async () => {
    expect(await errorCode(() => wrapWithPassphrase(root, "short", "store-1"))).toBe("usage");
  });

  it("costs every guess 128 MiB", async () => {
    expect(JSON.parse(await wrapped)).toMatchObject({ name: "scrypt", N: 2 ** 17, r: 8, p: 1 });
  });

  it.each([
    ["a cost that would take all memory", { N: 2 ** 30 }],
    ["a block size that would", { r: 2 ** 20 }],
    ["more passes than a day has seconds", { p: 2 ** 20 }],
    ["no cost at all", { N: 2 }],
    ["a cost that is no power of two", { N: 2 ** 17 + 1 }],
    ["a fraction", { N: 2 ** 17 + 0.5 }],
    ["another function", { name: "md5" }],
    ["a short salt", { salt: "00" }],
    ["a cut key", { wrapped: "00" }],
  ])("is refused, before anything is computed, when its record has %s", async (_what, change) => {
    const record = JSON.stringify({ ...(JSON.parse(await wrapped) as object), ...change });
    expect(await errorCode(() => unwrapWithPassphrase(record, passphrase, "store-1"))).toBe("storeDamaged");
  });

  it("is refused when its record is no JSON", async () => {
    expect(await errorCode(() => unwrapWithPassphrase("{", passphrase, "store-1"))).toBe("storeDamaged");
  });
});

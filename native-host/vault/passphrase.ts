import { randomBytes, scrypt, type ScryptOptions } from "node:crypto";
import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { seal, type SealContext, unseal } from "../store/seal.ts";
import { keyBytes } from "./keys.ts";

/** 128 MiB and about half a second for each guess; and for each unlocking, so never per command. */
const cost: Cost = { N: 2 ** 17, r: 8, p: 1 };
const shortest = 8;

/**
 * What the store keeps beside a wrapped root key. Whoever can write the file chooses these numbers: they are bounded
 * before a byte is allocated for them.
 */
const Kdf = z.object({
  name: z.literal("scrypt"),
  N: z.number().check(z.int(), z.minimum(2 ** 14), z.maximum(2 ** 19), z.refine((n) => (n & (n - 1)) === 0)),
  r: z.literal(8),
  p: z.number().check(z.int(), z.minimum(1), z.maximum(4)),
  salt: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  wrapped: z.string().check(z.regex(/^[0-9a-f]{120}$/)),
});
type Kdf = z.infer<typeof Kdf>;
type Cost = Pick<Kdf, "N" | "r" | "p">;

/** Wraps the root key for the store to keep, as JSON. Throws `usage` for a passphrase that is too short. */
export async function wrapWithPassphrase(root: Buffer, passphrase: string, storeId: string): Promise<string> {
  if (passphrase.length < shortest) {
    throw new SteadError("usage", `A passphrase of at least ${shortest} characters was expected.`, { hint: "Choose a longer passphrase; nothing was changed." });
  }
  const salt = randomBytes(16);
  const key = await derive(passphrase, salt, cost);
  const wrapped = seal(key, root, contextOf(storeId));
  key.fill(0);
  return JSON.stringify({ name: "scrypt", ...cost, salt: salt.toString("hex"), wrapped: wrapped.toString("hex") } satisfies Kdf);
}

/** The root key. Throws `keyWrong` for another passphrase, `storeDamaged` for parameters no Stead has written. */
export async function unwrapWithPassphrase(kdf: string, passphrase: string, storeId: string): Promise<Buffer> {
  const { N, r, p, salt, wrapped } = readKdf(kdf);
  const key = await derive(passphrase, Buffer.from(salt, "hex"), { N, r, p });
  const root = unseal(key, Buffer.from(wrapped, "hex"), contextOf(storeId));
  key.fill(0);
  if (!root) throw new SteadError("keyWrong", "That is not the passphrase of this store.");
  return root;
}

function readKdf(json: string): Kdf {
  try {
    return Kdf.parse(JSON.parse(json));
  } catch (error) {
    throw new SteadError("storeDamaged", "The store's passphrase parameters are damaged or were changed.", { cause: error });
  }
}

function derive(passphrase: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
  // Node's own limit is below what this needs.
  const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r + 128 * r * p + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    // The same passphrase typed on another system may be composed of other code points.
    scrypt(passphrase.normalize("NFKC"), salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function contextOf(storeId: string): SealContext {
  return { store: storeId, kind: "root key", owner: "passphrase", id: "", keyVersion: 0, revision: 0 };
}

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
const noncesAtOnce = 256;

/** Bytes that sealing adds. */
export const sealOverhead = nonceBytes + tagBytes;

/** What a sealed value belongs to: opening it anywhere else fails. Every part is part of the associated data. */
export interface SealContext {
  store: string;
  kind: string;
  /** The project's id, or `registry`. */
  owner: string;
  /** What it is within its owner: an item's key hash … */
  id: string;
  keyVersion: number;
  revision: number;
}

/** nonce (12) · ciphertext · tag (16). The nonce is random: the caller counts how often a key seals. */
export function seal(key: Buffer, plain: Uint8Array, context: SealContext): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associatedData(context));
  const body = cipher.update(plain);
  const rest = cipher.final();
  return Buffer.concat([nonce, body, rest, cipher.getAuthTag()]);
}

/**
 * The plain bytes, or undefined when they are not what was sealed there with this key. Nothing is released unchecked.
 * `sealed` may be anything: of a damaged file a column comes as another type than its table's.
 */
export function unseal(key: Buffer, sealed: unknown, context: SealContext): Buffer | undefined {
  if (!(sealed instanceof Uint8Array) || sealed.length < sealOverhead) return undefined;
  // Without a fixed tag length Node takes a tag of four bytes.
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(associatedData(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const body = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes));
  try {
    return Buffer.concat([body, decipher.final()]);
  } catch {
    body.fill(0);
    return undefined;
  }
}

/** Whether a column holds these bytes; as with unseal(), it may hold anything. */
export function holds(column: unknown, bytes: Buffer): boolean {
  return column instanceof Uint8Array && bytes.equals(column);
}

let drawn = Buffer.alloc(0);

/** Never given out twice. Drawn some hundred at a time: each question to the system costs as much as sealing a small value. */
function nextNonce(): Buffer {
  if (drawn.length < nonceBytes) drawn = randomBytes(nonceBytes * noncesAtOnce);
  const nonce = drawn.subarray(0, nonceBytes);
  drawn = drawn.subarray(nonceBytes);
  return nonce;
}

/** JSON keeps the parts apart whatever they hold. */
function associatedData(context: SealContext): Buffer {
  const { store, kind, owner, id, keyVersion, revision } = context;
  return Buffer.from(JSON.stringify(["stead", 1, store, kind, owner, id, keyVersion, revision]));
}

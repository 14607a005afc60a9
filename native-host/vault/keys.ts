import { hkdfSync, timingSafeEqual } from "node:crypto";

/** Bytes of every key here. */
export const keyBytes = 32;

/** The generation of a store's first root key. */
export const firstEpoch = 1;

/** Wraps the data keys. `epoch` counts the root keys and rotations of this store. */
export function keyEncryptionKey(root: Buffer, storeId: string, epoch: number): Buffer {
  return derive(root, storeId, `stead key-encryption-key ${epoch}`);
}

/** What the store keeps to tell its own root key from another. Says nothing about the key. */
export function keyCheck(root: Buffer, storeId: string): Buffer {
  return derive(root, storeId, "stead key-check 1");
}

export function passesCheck(root: Buffer, storeId: string, check: Buffer): boolean {
  const own = keyCheck(root, storeId);
  return own.length === check.length && timingSafeEqual(own, check);
}

function derive(root: Buffer, salt: string, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", root, salt, info, keyBytes));
}

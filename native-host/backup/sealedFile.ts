import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { SteadError } from "../../shared/errors.ts";
import { sealOverhead, seal, type SealContext, unseal } from "../store/seal.ts";
import { keyBytes } from "../vault/keys.ts";
import { unwrapWithPassphrase, wrapWithPassphrase } from "../vault/passphrase.ts";

/** Plain bytes of every part but the last, which has as many or fewer. */
const partBytes = 1024 * 1024;
/** SQLite refuses to grow an image in memory above 1 GiB, and restoring one needs some room. */
export const imageLimit = 960 * 1024 * 1024;
/** No header is longer, and no file needs more for its parts. */
const longestHeader = 1024;
export const fileLimit = imageLimit + longestHeader + (imageLimit / partBytes) * sealOverhead;

const headerForm = /^stead-backup-(\d{1,6}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\{[^\n]*\})\n/;

/** A new root key and what a backup under it begins with: the key, wrapped by the passphrase alone. */
export async function beginFile(passphrase: string): Promise<{ root: Buffer; header: Buffer }> {
  const root = randomBytes(keyBytes);
  const id = crypto.randomUUID();
  return { root, header: Buffer.from(`stead-backup-1 ${id} ${await wrapWithPassphrase(root, passphrase, id)}\n`) };
}

/** The file's parts one after the other: the header as it is, then the image, sealed. */
export function* sealParts(image: Buffer, { root, header }: { root: Buffer; header: Buffer }): Generator<Buffer> {
  yield header;
  const key = partKey(root, header);
  try {
    const last = Math.max(0, Math.ceil(image.length / partBytes) - 1);
    for (let place = 0; place <= last; place++) {
      yield seal(key, image.subarray(place * partBytes, (place + 1) * partBytes), contextOf(header, place, place === last));
    }
  } finally {
    key.fill(0);
  }
}

/** The root key behind the first line of a file, and that line. Throws `keyWrong`, `backupDamaged`, `fileFormat` for what is no backup, and `storeNewer`. */
export async function openHeader(bytes: Buffer, passphrase: () => Promise<string>): Promise<{ root: Buffer; header: Buffer }> {
  const { header, id, kdf } = readHeader(bytes);
  return { root: await unwrap(kdf, await passphrase(), id), header };
}

/** The image in a whole file. Every bit of it is authenticated, its end and its first line too. Throws `backupDamaged`. */
export function openParts(bytes: Buffer, { root, header }: { root: Buffer; header: Buffer }): Buffer {
  const key = partKey(root, header);
  const parts: Buffer[] = [];
  try {
    const body = bytes.subarray(header.length);
    const size = partBytes + sealOverhead;
    const last = Math.max(0, Math.ceil(body.length / size) - 1);
    for (let place = 0; place <= last; place++) {
      const plain = unseal(key, body.subarray(place * size, (place + 1) * size), contextOf(header, place, place === last));
      if (!plain) throw damaged(`Part ${place + 1} of ${last + 1} does not open: the file is damaged, cut short or not as it was written.`);
      parts.push(plain);
    }
    return Buffer.concat(parts);
  } finally {
    for (const part of parts) part.fill(0);
    key.fill(0);
  }
}

export function damaged(message: string, cause?: unknown): SteadError {
  return new SteadError("backupDamaged", message, { cause });
}

function readHeader(bytes: Buffer): { header: Buffer; id: string; kdf: string } {
  const [line, version, id, kdf] = headerForm.exec(bytes.toString("latin1", 0, longestHeader)) ?? [];
  if (line === undefined || id === undefined || kdf === undefined) {
    throw new SteadError("fileFormat", "That file is not a backup of Stead's, or its first line is damaged.", { hint: "Name a file that stead backup wrote; nothing was changed." });
  }
  if (version !== "1") throw new SteadError("storeNewer", `The backup has version ${version ?? ""}; this Stead reads version 1.`, { hint: "Update Stead: the backup was written by a newer version." });
  return { header: bytes.subarray(0, line.length), id, kdf };
}

async function unwrap(kdf: string, passphrase: string, id: string): Promise<Buffer> {
  try {
    return await unwrapWithPassphrase(kdf, passphrase, id);
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    if (error.code === "keyWrong") throw new SteadError("keyWrong", "That is not the passphrase of this backup, or its first line was changed.", { cause: error });
    throw damaged("The first line of the backup is damaged.", error);
  }
}

function partKey(root: Buffer, header: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", root, digest(header), "stead backup 1", keyBytes));
}

/** The header is part of what every part is bound to, and so is a part's place; only the last one says that it is. */
function contextOf(header: Buffer, place: number, isLast: boolean): SealContext {
  return { store: digest(header).toString("hex"), kind: isLast ? "last part of a backup" : "part of a backup", owner: "backup", id: "", keyVersion: 1, revision: place };
}

function digest(header: Buffer): Buffer {
  return createHash("sha256").update(header).digest();
}

import { beforeAll, describe, expect, it } from "vitest";
import { beginFile, openHeader, openParts, sealParts } from "../../../native-host/backup/sealedFile.ts";
import { errorCode } from "../../support/errorCode.ts";

const passphrase = "correct horse battery";
const said = (text: string) => (): Promise<string> => Promise.resolve(text);
const part = 1024 * 1024;

const image = Buffer.alloc(2 * part + 100, "the store, byte by byte. ");
const open = async (bytes: Buffer, text: string): Promise<Buffer> => openParts(bytes, await openHeader(bytes, said(text)));
let root: Buffer;
let header: Buffer;
let file: Buffer;

beforeAll(async () => {
  ({ root, header } = await beginFile(passphrase));
  file = Buffer.concat([...sealParts(image, { root, header })]);
});

describe("a backup's file", () => {
  it("gives back every byte, and the key, for its passphrase", async () => {
    expect((await open(file, passphrase)).equals(image)).toBe(true);
    expect((await openHeader(file, said(passphrase))).root.equals(root)).toBe(true);
  });

  it("shows its first line and nothing of what it holds", () => {
    expect(header.toString()).toMatch(/^stead-backup-1 [0-9a-f-]{36} \{"name":"scrypt","N":131072,"r":8,"p":1,"salt":"[0-9a-f]{32}","wrapped":"[0-9a-f]{120}"\}\n$/);
    expect(file.includes("byte by byte")).toBe(false);
    expect(file.includes(root)).toBe(false);
  });

  const cuts: [what: string, change: () => Buffer, code: string][] = [
    ["cut short by one byte", () => file.subarray(0, -1), "backupDamaged"],
    ["cut off after its second part", () => file.subarray(0, header.length + 2 * (part + 28)), "backupDamaged"],
    ["cut off after its first line", () => header, "backupDamaged"],
    ["cut off in its first line", () => header.subarray(0, 100), "fileFormat"],
    ["with a byte more", () => Buffer.concat([file, Buffer.of(0)]), "backupDamaged"],
    ["with two parts exchanged", exchanged, "backupDamaged"],
    ["that is empty", () => Buffer.alloc(0), "fileFormat"],
    ["of a later version", () => Buffer.concat([Buffer.from("stead-backup-2"), file.subarray(14)]), "storeNewer"],
    ["that asks for more memory than any Stead would", () => replaced('"N":131072', '"N":16777216'), "backupDamaged"],
  ];
  it.each(cuts)("%s is refused", async (_what, change, code) => {
    expect(await errorCode(() => open(change(), passphrase))).toBe(code);
  });

  it("is refused with another passphrase, which no message repeats", async () => {
    const error: unknown = await open(file, "cAnArY passphrase").catch((reason: unknown) => reason);
    expect(String(error)).toContain("not the passphrase of this backup");
    expect(String(error)).not.toContain("cAnArY");
  });

  it("does not open under a first line of another backup with the same passphrase", async () => {
    const other = await beginFile(passphrase);
    expect(await errorCode(() => open(Buffer.concat([other.header, file.subarray(header.length)]), passphrase))).toBe("backupDamaged");
  });

  it("needs a passphrase of eight characters", async () => {
    expect(await errorCode(() => beginFile("short"))).toBe("usage");
  });
});

function exchanged(): Buffer {
  const [begin, size] = [header.length, part + 28];
  const [one, two] = [file.subarray(begin, begin + size), file.subarray(begin + size, begin + 2 * size)];
  return Buffer.concat([header, two, one, file.subarray(begin + 2 * size)]);
}

function replaced(text: string, by: string): Buffer {
  return Buffer.concat([Buffer.from(header.toString().replace(text, by)), file.subarray(header.length)]);
}

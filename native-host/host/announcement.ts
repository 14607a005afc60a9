import { rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Home } from "../home.ts";
import { codeOf, readPrivateFile } from "./privateFiles.ts";

/** What a host leaves in home.run so that others find its socket. */
export const Announcement = z.object({
  endpoint: z.string(),
  pid: z.number(),
  /** ISO 8601 UTC */
  startedAt: z.string(),
});
export type Announcement = z.infer<typeof Announcement>;

const ending = ".host.json";
const sizeLimit = 4096;

export function announcementPath(home: Home, id: string): string {
  return join(home.run, `${id}${ending}`);
}

/** The host's id in a file name of home.run, undefined for any other file. */
export function announcedId(fileName: string): string | undefined {
  return fileName.endsWith(ending) ? fileName.slice(0, -ending.length) : undefined;
}

/** Appears whole: no one reads half of it. */
export async function announce(home: Home, id: string, announcement: Announcement): Promise<void> {
  const path = announcementPath(home, id);
  const draft = `${path}.draft`;
  await writeFile(draft, JSON.stringify(announcement), { flag: "wx", mode: 0o600 });
  await rename(draft, path);
}

/** Undefined when it went away meanwhile or is none of ours. Throws `socketUnsafe`. */
export async function readAnnouncement(home: Home, id: string): Promise<Announcement | undefined> {
  try {
    const text = (await readPrivateFile(announcementPath(home, id), sizeLimit)).toString("utf8");
    return Announcement.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export async function withdraw(home: Home, id: string): Promise<void> {
  await unlink(announcementPath(home, id)).catch(() => undefined);
}

import { open, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { containerOf, type ProfileContainer } from "../../shared/ruleFiles/storageArea.ts";
import { decodeText, readDocument } from "../files.ts";

/** Of prefs.js and containers.json, in bytes. */
const fileLimit = 16 * 1024 * 1024;

/** What a closed Firefox profile says of its containers and add-ons. */
export interface FirefoxProfile {
  path: string;
  containers: ProfileContainer[];
  /** The address of every add-on in this profile, by the add-on's id. */
  uuids: ReadonlyMap<string, string>;
}

/** Reads and writes nothing in the profile. Throws `fileFormat` for another folder, `conflict` while Firefox runs with it. */
export async function openProfile(path: string, platform: NodeJS.Platform = process.platform): Promise<FirefoxProfile> {
  const prefs = await readText(join(path, "prefs.js"));
  if (prefs === undefined) {
    throw new SteadError("fileFormat", `${path} is no Firefox profile: there is no prefs.js in it.`, { hint: "Firefox lists its profiles at about:profiles; name a root directory." });
  }
  if (await isRunning(path, platform)) {
    throw new SteadError("conflict", `A Firefox is running with the profile ${path}, and what it stores may be half written.`, { hint: "Quit that Firefox and try again." });
  }
  return { path, uuids: readUuids(prefs), containers: readContainers(await readText(join(path, "containers.json"))) };
}

/**
 * Firefox holds a lock of the operating system, which shows on Windows as a file that cannot be opened, and on Linux beside
 * a link that names the process. Elsewhere there is only the log of a database that is empty or gone once Firefox has quit.
 */
async function isRunning(path: string, platform: NodeJS.Platform): Promise<boolean> {
  if (platform === "win32") return isHeld(join(path, "parent.lock"));
  const owner = await readlink(join(path, "lock")).catch(() => undefined);
  const pid = owner === undefined ? undefined : /:\+?(\d+)$/.exec(owner)?.[1];
  if (pid !== undefined) return isAlive(Number(pid));
  const logs = await Promise.all(["places.sqlite-wal", "cookies.sqlite-wal"].map((name) => stat(join(path, name)).catch(() => undefined)));
  return logs.some((log) => log !== undefined && log.size > 0);
}

async function isHeld(path: string): Promise<boolean> {
  try {
    await (await open(path, "r+")).close();
    return false;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
}

/** What a crash leaves behind names a process that is gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Undefined when there is no such file. */
async function readText(path: string): Promise<string | undefined> {
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined;
  return decodeText(await readDocument(path, fileLimit), path);
}

/** One preference of prefs.js: a JSON text within a text. */
function readUuids(prefs: string): Map<string, string> {
  const literal = /^user_pref\("extensions\.webextensions\.uuids", ("(?:[^"\\\n]|\\.)*")\);/m.exec(prefs)?.[1];
  const Uuids = z.record(z.string(), z.string().check(z.regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i)));
  const parsed = Uuids.safeParse(literal === undefined ? {} : parse(parse(literal)));
  return new Map(parsed.success ? Object.entries(parsed.data) : []);
}

function parse(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Identity = z.object({
  userContextId: z.number(),
  public: z.optional(z.boolean()),
  name: z.optional(z.string()),
  color: z.optional(z.string()),
  icon: z.optional(z.string()),
  l10nId: z.optional(z.string()),
  l10nID: z.optional(z.string()),
});

function readContainers(text: string | undefined): ProfileContainer[] {
  const parsed = z.object({ identities: z.array(Identity) }).safeParse(parse(text));
  if (!parsed.success) return [];
  return parsed.data.identities.flatMap((identity) => {
    const name = identity.name ?? nameOfDefault(identity.l10nId ?? identity.l10nID);
    if (identity.public === false || name === undefined) return [];
    return { userContextId: identity.userContextId, ...containerOf(name.trim(), identity.color, identity.icon) };
  });
}

/** The four that Firefox begins with have no name until the user gives them one; Firefox shows one in its own language. */
function nameOfDefault(l10nId: string | undefined): string | undefined {
  const word = /^user-?context-?(personal|work|banking|shopping)/i.exec(l10nId ?? "")?.[1]?.toLowerCase();
  return word === undefined ? undefined : word.charAt(0).toUpperCase() + word.slice(1);
}

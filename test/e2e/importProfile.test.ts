import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pack } from "../../native-host/dev/pack.ts";
import { readExtensionStorage } from "../../native-host/import/extensionStorage.ts";
import { openProfile } from "../../native-host/import/firefoxProfile.ts";
import { readProfileRules } from "../../native-host/import/profileRules.ts";
import { errorCode } from "../support/errorCode.ts";
import { type Firefox, launchFirefox, steadUuid } from "../support/firefox.ts";

/** An add-on of that id which does nothing: what is stored under its name is Firefox's own work. */
async function packAddOn(scratch: string, id: string): Promise<string> {
  const unpacked = join(scratch, id.replace(/\W/g, ""));
  await mkdir(join(unpacked, "icons"), { recursive: true });
  await writeFile(join(unpacked, "icons/stead.svg"), '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"/>');
  await writeFile(join(unpacked, "manifest.json"), JSON.stringify({
    manifest_version: 3,
    name: "Import test",
    version: "1",
    browser_specific_settings: { gecko: { id, data_collection_permissions: { required: ["none"] } } },
    permissions: ["storage"],
  }));
  const name = `${id.replace(/\W/g, "")}.xpi`;
  await pack(unpacked, scratch, name);
  return join(scratch, name);
}

/** Values of every kind that a storage can have, long ones, and ones that compress well. */
const samples = {
  text: "plain",
  "wide ü 漢 𝒳": "ü漢𝒳",
  empty: "",
  long: "ab".repeat(20_000),
  mixed: Array.from({ length: 500 }, (_, index) => `line ${index * 7919}`),
  numbers: [0, -1, 1.5, 2 ** 40, -0.001],
  truths: [true, false, null],
  nested: { a: { b: [{ c: "d" }, []] }, 7: "seven" },
};

let scratch: string;
let profile: string;
let workId: number;

async function fill(firefox: Firefox): Promise<void> {
  workId = await firefox.createContainer("Client Work", "turquoise", "briefcase");
  await firefox.extension(`browser.storage.local.set(${JSON.stringify({
    ...samples,
    "siteContainerMap@@_app.acme.test": { userContextId: String(workId), neverAsk: true, identityMacAddonUUID: "11111111-2222-4333-8444-555555555555" },
    "siteContainerMap@@_localhost3000": { userContextId: String(workId), neverAsk: false },
    "siteContainerMap@@_bank.test": { userContextId: "3", neverAsk: true },
    "siteContainerMap@@_10.0.0.118080": { userContextId: String(workId), neverAsk: true },
    [`identitiesState@@_firefox-container-${workId}`]: { hiddenTabs: [], macAddonUUID: "11111111-2222-4333-8444-555555555555", isIsolated: "locked" },
  })})`);
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "stead-import-profile-"));
  const extensionId = "@testpilot-containers";
  const home = join(scratch, "home");
  profile = join(home, "profile");
  const firefox = await launchFirefox({ home, profile, extensionId, extension: await packAddOn(scratch, extensionId) });
  try {
    await fill(firefox);
    expect(await errorCode(() => openProfile(profile))).toBe("conflict");
  } finally {
    await firefox.close();
  }
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("a profile that a real Firefox has left", () => {
  it("gives back what an add-on stored, as it stored it", async () => {
    const storage = await readExtensionStorage(profile, steadUuid, (key) => Object.hasOwn(samples, key));
    expect(storage).toEqual({ values: samples, unreadable: [] });
  });

  it("gives Multi-Account Containers' sites, with the containers' names and looks", async () => {
    const [read] = await readProfileRules(profile);
    expect(read?.format).toBe("multi-account-containers");
    expect(read?.rules.toSorted((a, b) => a.pattern.localeCompare(b.pattern))).toEqual([
      { project: "Client Work", pattern: "app.acme.test", ask: false },
      { project: "Banking", pattern: "bank.test", ask: false },
      { project: "Client Work", pattern: "localhost:3000", ask: false },
    ]);
    expect(read?.containers).toContainEqual({ name: "Client Work", color: "turquoise", icon: "briefcase" });
    expect(read?.strict).toEqual(["Client Work"]);
    expect(read?.skipped).toEqual([{ line: null, reason: expect.stringContaining("10.0.0.118080") as string }]);
  });

  it("is left as it was", async () => {
    const before = await state(profile);
    await readProfileRules(profile);
    expect(await state(profile)).toEqual(before);
  });

  it("is refused for an add-on that stored nothing", async () => {
    expect(await errorCode(() => readProfileRules(profile, "containerise"))).toBe("fileFormat");
  });
});

describe("a profile whose Firefox has crashed", () => {
  it("gives what was stored last", async () => {
    const extensionId = "containerise@kinte.sh";
    const home = join(scratch, "crashed");
    const place = { home, profile: join(home, "profile"), extensionId };
    await (await launchFirefox({ ...place, extension: await packAddOn(scratch, extensionId) })).close();
    const firefox = await launchFirefox(place);
    try {
      await firefox.extension(`browser.storage.local.set({
        "map=*.acme.test": { host: "*.acme.test", cookieStoreId: "firefox-container-2", containerName: "Old name", enabled: true },
        "map=@^app-.+\\\\.test$": { host: "@^app-.+\\\\.test$", cookieStoreId: "firefox-container-2", containerName: "Old name", enabled: true },
        "map=free.test": { host: "free.test", cookieStoreId: "firefox-default", containerName: "No Container", enabled: true },
        "pref=matchDomainOnly": { key: "matchDomainOnly", value: true },
      })`);
    } finally {
      await firefox.kill();
    }
    const [read] = await readProfileRules(place.profile);
    expect(read).toMatchObject({
      format: "containerise",
      rules: [
        { project: "Work", pattern: "*.acme.test", ask: false },
        { project: "Work", pattern: String.raw`/https?://app-[^/]+\.test/.*/`, ask: false },
      ],
      skipped: [{ line: null, reason: expect.stringContaining("free.test") as string }],
    });
  });
});

/** Every file of the profile with its size, time and, of the small ones, its content. */
async function state(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    files.filter((file) => file.isFile()).map(async (file) => {
      const path = join(file.parentPath, file.name);
      const { size, mtimeMs } = await stat(path);
      return `${path} ${size} ${mtimeMs} ${size < 1_000_000 ? (await readFile(path)).toString("base64") : ""}`;
    }),
  );
}

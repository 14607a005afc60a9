import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { manifestPath } from "../../../native-host/install/browsers.ts";
import { install } from "../../../native-host/install/install.ts";
import { uninstall } from "../../../native-host/install/uninstall.ts";
import { testEnvironment, useBrowser } from "./environment.ts";

const support = "Library/Application Support";

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

describe("install", () => {
  it("writes the manifest Firefox reads and the wrapper it names", async () => {
    const environment = testEnvironment();
    const { installed, wrapper } = await install(environment);
    const manifest = join(environment.userHome, ".mozilla/native-messaging-hosts/stead.json");
    expect(installed).toEqual([{ browser: "firefox", manifest }]);
    expect(readJson(manifest)).toEqual({
      name: "stead", description: "Stead: every project its own identity", path: wrapper, type: "stdio", allowed_extensions: ["stead@stead"],
    });
    expect(wrapper).toBe(environment.home.wrapper);
    expect(statSync(wrapper).mode & 0o777).toBe(0o700);
    expect(statSync(manifest).mode & 0o777).toBe(0o644);
    expect(statSync(dirname(wrapper)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ["linux", "librewolf", ".librewolf", ".librewolf/native-messaging-hosts/stead.json"],
    ["linux", "librewolf", ".config/librewolf", ".librewolf/native-messaging-hosts/stead.json"],
    ["linux", "waterfox", ".waterfox", ".waterfox/native-messaging-hosts/stead.json"],
    ["linux", "zen", ".zen", ".mozilla/native-messaging-hosts/stead.json"],
    ["linux", "floorp", ".floorp", ".mozilla/native-messaging-hosts/stead.json"],
    ["darwin", "librewolf", `${support}/librewolf`, `${support}/LibreWolf/NativeMessagingHosts/stead.json`],
    ["darwin", "waterfox", `${support}/Waterfox`, `${support}/Waterfox/NativeMessagingHosts/stead.json`],
    ["darwin", "zen", `${support}/zen`, `${support}/Mozilla/NativeMessagingHosts/stead.json`],
    ["darwin", "floorp", `${support}/Floorp`, `${support}/Mozilla/NativeMessagingHosts/stead.json`],
    ["win32", "librewolf", "AppData/Roaming/librewolf", "data/native-manifest.json"],
  ] as const)("finds on %s that %s is used by %s", async (platform, browser, profiles, manifest) => {
    const environment = testEnvironment(platform);
    useBrowser(environment, profiles);
    const { installed } = await install(environment);
    expect(installed.map((one) => one.browser)).toEqual(["firefox", browser]);
    expect(installed[1]?.manifest).toBe(join(environment.userHome, manifest));
    expect(existsSync(join(environment.userHome, manifest))).toBe(true);
  });

  it("registers only the browser that was named", async () => {
    const environment = testEnvironment();
    expect((await install(environment, "waterfox")).installed.map((one) => one.browser)).toEqual(["waterfox"]);
    expect(existsSync(manifestPath("firefox", environment))).toBe(false);
  });

  it("changes nothing the second time and leaves no drafts", async () => {
    const environment = testEnvironment();
    const first = await install(environment);
    const before = readFileSync(first.wrapper, "utf8");
    expect(await install(environment)).toEqual(first);
    expect(readFileSync(first.wrapper, "utf8")).toBe(before);
    expect(readdirSync(environment.home.data)).toEqual(["stead-host"]);
    expect(readdirSync(dirname(manifestPath("firefox", environment)))).toEqual(["stead.json"]);
  });

  it("writes the registry key on Windows, by arguments", async () => {
    const environment = testEnvironment("win32");
    await install(environment);
    const key = "HKCU\\Software\\Mozilla\\NativeMessagingHosts\\stead";
    expect(environment.registry).toEqual([["add", key, "/ve", "/t", "REG_SZ", "/d", join(environment.home.data, "native-manifest.json"), "/f"]]);
    await uninstall(environment);
    expect(environment.registry[1]).toEqual(["delete", key, "/f"]);
    await expect(install({ ...environment, reg: () => Promise.resolve({ status: 1, output: "" }) })).rejects.toMatchObject({ code: "installFailed" });
  });

  it("refuses to begin without the host program", async () => {
    const environment = testEnvironment();
    await expect(install({ ...environment, hostProgram: "/nowhere/stead-host.js" })).rejects.toMatchObject({ code: "installFailed", hint: "Run npm run build first." });
    expect(existsSync(environment.home.wrapper)).toBe(false);
  });

  it.each([
    ["not JSON", "{"],
    ["another program's", JSON.stringify({ name: "stead", allowed_extensions: ["other@example"], path: "/bin/true" })],
  ])("leaves a manifest alone that is %s", async (_, text) => {
    const environment = testEnvironment();
    const manifest = manifestPath("firefox", environment);
    mkdirSync(dirname(manifest), { recursive: true });
    writeFileSync(manifest, text);
    await expect(install(environment)).rejects.toMatchObject({ code: "installFailed" });
    expect(existsSync(environment.home.wrapper)).toBe(false);
    expect(await uninstall(environment)).toEqual({ installed: [], removed: [] });
    expect(readFileSync(manifest, "utf8")).toBe(text);
  });

  it("names the directory it cannot write to", async () => {
    const environment = testEnvironment();
    writeFileSync(join(environment.userHome, ".mozilla"), "a file where a directory should be");
    await expect(install(environment)).rejects.toThrow(/\.mozilla\/native-messaging-hosts/);
  });
});

describe("uninstall", () => {
  it("removes the manifests and the wrapper, and leaves the store", async () => {
    const environment = testEnvironment();
    useBrowser(environment, ".librewolf");
    const { installed } = await install(environment, undefined);
    writeFileSync(environment.home.store, "");
    const { removed, installed: left } = await uninstall(environment);
    // Zen and Floorp read Firefox's directory: they lose the manifest with it.
    expect(removed).toEqual(expect.arrayContaining(installed));
    expect(left).toEqual([]);
    for (const { manifest } of installed) expect(existsSync(manifest)).toBe(false);
    expect(readdirSync(environment.home.data)).toEqual(["store.db"]);
  });

  it("keeps the wrapper while another browser needs it", async () => {
    const environment = testEnvironment();
    useBrowser(environment, ".librewolf");
    await install(environment);
    const { installed } = await uninstall(environment, "firefox");
    expect(installed.map((one) => one.browser)).toEqual(["librewolf"]);
    expect(existsSync(environment.home.wrapper)).toBe(true);
    await uninstall(environment, "librewolf");
    expect(existsSync(environment.home.wrapper)).toBe(false);
  });

  it("leaves a program in the wrapper's place that is not Stead's", async () => {
    const environment = testEnvironment();
    await install(environment);
    writeFileSync(environment.home.wrapper, "#!/bin/sh\nexit 0\n");
    chmodSync(environment.home.wrapper, 0o700);
    await uninstall(environment);
    expect(existsSync(environment.home.wrapper)).toBe(true);
  });

  it("does nothing where nothing is installed", async () => {
    expect(await uninstall(testEnvironment())).toEqual({ installed: [], removed: [] });
  });
});

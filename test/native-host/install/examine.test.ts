import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Check } from "../../../native-host/install/checks/check.ts";
import { checkHostStarts } from "../../../native-host/install/checks/checkHostStarts.ts";
import { checkInstances } from "../../../native-host/install/checks/checkInstances.ts";
import { checkManifests } from "../../../native-host/install/checks/checkManifests.ts";
import { checkNativeModules } from "../../../native-host/install/checks/checkNativeModules.ts";
import { checkNode } from "../../../native-host/install/checks/checkNode.ts";
import { checkSockets } from "../../../native-host/install/checks/checkSockets.ts";
import { checkStore } from "../../../native-host/install/checks/checkStore.ts";
import { checkVault } from "../../../native-host/install/checks/checkVault.ts";
import { checkWrapper } from "../../../native-host/install/checks/checkWrapper.ts";
import { packagingNotes } from "../../../native-host/install/checks/packagingNotes.ts";
import { manifestPath } from "../../../native-host/install/browsers.ts";
import { install } from "../../../native-host/install/install.ts";
import { SteadError } from "../../../shared/errors.ts";
import { version } from "../../../shared/version.ts";
import { acme, fakeHost, fakeStore } from "../cli/harness.ts";
import { testEnvironment } from "./environment.ts";

function expectFailure(check: Check | undefined, detail: RegExp): void {
  expect(check?.ok).toBe(false);
  expect(check?.detail).toMatch(detail);
  expect(check?.remedy).toMatch(/\w/);
}

/** A host that begins its handshake as a real one does, then waits for the end of its input. */
function hostText(says: string, after = "process.stdin.resume();"): string {
  return `
    const text = JSON.stringify({ t: "hello", side: "host", version: ${JSON.stringify(says)}, protocol: { min: 1, max: 1 }, features: [] });
    const head = Buffer.alloc(4);
    head.writeUInt32LE(Buffer.byteLength(text));
    process.stdout.write(Buffer.concat([head, Buffer.from(text)]));
    ${after}`;
}

describe("doctor's checks", () => {
  it.each([["20.19.0", true], ["22.1.0", true], ["20.18.9", false], ["18.20.0", false]])("takes Node %s: %s", (node, ok) => {
    expect(checkNode(node, "/node").ok).toBe(ok);
  });

  it("finds a manifest missing, foreign or pointing elsewhere", async () => {
    const environment = testEnvironment();
    expectFailure((await checkManifests(environment))[0], /is missing/);
    await install(environment);
    expect(await checkManifests(environment)).toMatchObject([{ name: "manifest:firefox", ok: true }]);
    writeFileSync(manifestPath("firefox", environment), "{}");
    expectFailure((await checkManifests(environment))[0], /not a manifest of Stead's/);
    writeFileSync(manifestPath("firefox", environment), JSON.stringify({ name: "stead", allowed_extensions: ["stead@stead"], path: "/elsewhere" }));
    expectFailure((await checkManifests(environment))[0], /names \/elsewhere/);
  });

  it("looks into the registry on Windows", async () => {
    const environment = testEnvironment("win32");
    await install(environment);
    expectFailure((await checkManifests(environment)).at(-1), /does not name/);
    const output = `    (Default)    REG_SZ    ${manifestPath("firefox", environment)}`;
    expect((await checkManifests({ ...environment, reg: () => Promise.resolve({ status: 0, output }) })).at(-1)).toMatchObject({ name: "registry", ok: true });
  });

  it("finds a wrapper missing, not executable, open to others or written for another Node", async () => {
    const environment = testEnvironment();
    expectFailure(await checkWrapper(environment), /is missing/);
    const { wrapper } = await install(environment);
    expect(await checkWrapper(environment)).toMatchObject({ ok: true });
    chmodSync(wrapper, 0o600);
    expectFailure(await checkWrapper(environment), /not executable \(mode 600\)/);
    chmodSync(wrapper, 0o722);
    expectFailure(await checkWrapper(environment), /changed by other users \(mode 722\)/);
    chmodSync(wrapper, 0o700);
    expectFailure(await checkWrapper({ ...environment, node: "/another/node" }), /another Node/);
  });

  it.each<[string, string, RegExp | undefined]>([
    ["a sound host", hostText("9.9.9"), undefined],
    ["a host of another version", hostText("9.9.8"), /version 9\.9\.8, this command 9\.9\.9/],
    ["a host that does not start", "process.exit(7);", /status 7/],
    ["a host that does not end with its input", hostText("9.9.9", "setInterval(() => {}, 1000);"), /did not end within/],
    ["a host that writes something else", "process.stdout.write('Debugger listening');process.stdin.resume();", /no frame|not begin/],
    ["a host whose first message is none of ours", "const b = Buffer.from('\\x02\\0\\0\\0{}'); process.stdout.write(b); process.stdin.resume();", /not Stead's handshake/],
  ])("judges %s", async (_, text, failure) => {
    const environment = testEnvironment();
    writeFileSync(environment.hostProgram, text);
    await install(environment);
    const check = await checkHostStarts(environment, "9.9.9");
    if (failure) expectFailure(check, failure);
    else expect(check).toMatchObject({ name: "host", ok: true });
  });

  it("says so when the wrapper cannot be started, or says nothing", async () => {
    const environment = testEnvironment();
    expectFailure(await checkHostStarts(environment, "9.9.9"), /ENOENT/);
    writeFileSync(environment.hostProgram, "process.stdin.resume();");
    await install(environment);
    expectFailure(await checkHostStarts(environment, "9.9.9", 300), /SIGKILL/);
  });

  it("loads the native modules from where the host is", async () => {
    const environment = testEnvironment();
    const here = { ...environment, hostProgram: join(process.cwd(), "dist/native-host/stead-host.js") };
    const check = await checkNativeModules(here);
    expect(check.detail).toContain("SQLite 3.");
    expect(check.ok).toBe(true);
    expectFailure(await checkNativeModules(environment), /does not load/);
    expectFailure(await checkNativeModules({ ...here, node: "/nowhere/node" }), /ENOENT/);
  });

  it("judges the vault and the key file", async () => {
    const environment = testEnvironment();
    const file = (): Promise<{ state: "unlocked"; source: "file" }> => Promise.resolve({ state: "unlocked", source: "file" });
    expect((await checkVault(environment, file)).checks.map(({ ok }) => ok)).toEqual([true, true]);
    mkdirSync(environment.home.data, { mode: 0o700 });
    writeFileSync(environment.home.keyFile, "", { mode: 0o600 });
    expect((await checkVault(environment, file)).checks[1]).toMatchObject({ name: "key-file", ok: true });
    chmodSync(environment.home.keyFile, 0o640);
    expectFailure((await checkVault(environment, file)).checks[1], /mode 640/);
    rmSync(environment.home.keyFile);
    symlinkSync("/etc/hostname", environment.home.keyFile);
    expectFailure((await checkVault(environment, file)).checks[1], /not a plain file/);
    expectFailure((await checkVault(environment, () => Promise.resolve({ state: "locked", source: "keychain" }))).checks[0], /^locked/);
    expectFailure((await checkVault(environment, () => Promise.reject(new SteadError("keyUnavailable", "No key.")))).checks[0], /No key/);
  });

  it("decrypts the store that is there, and makes none", async () => {
    const environment = testEnvironment();
    const reach = (founded: boolean, store = fakeStore([acme], { items: 3 })): { storeIsFounded: () => Promise<boolean>; store: () => Promise<typeof store> } => ({
      storeIsFounded: () => Promise.resolve(founded),
      store: () => Promise.resolve(store),
    });
    const never = { ...reach(false), store: () => Promise.reject(new Error("The store was opened.")) };
    expect(await checkStore(environment, undefined, never)).toMatchObject([{ name: "store", ok: true }]);
    expectFailure((await checkStore(environment, { state: "locked", source: "file" }, { ...never, storeIsFounded: () => Promise.resolve(true) }))[0], /locked/);
    expect(await checkStore(environment, undefined, reach(true))).toMatchObject([{ name: "store", ok: true }, { name: "items", ok: true }]);
    const damaged = fakeStore([acme], { damaged: [{ reason: "cookie", count: 2 }] });
    expectFailure((await checkStore(environment, undefined, reach(true, damaged)))[1], /cookie \(2\)/);
    const broken = { ...reach(true), store: () => Promise.reject(new SteadError("storeNewer", "Written by version 9.")) };
    expectFailure((await checkStore(environment, undefined, broken))[0], /version 9/);
  });

  it("wants the sockets' directory private", async () => {
    const environment = testEnvironment();
    expect(await checkSockets(environment)).toMatchObject({ ok: true });
    mkdirSync(environment.home.run, { recursive: true, mode: 0o700 });
    expect(await checkSockets(environment)).toMatchObject({ ok: true, detail: environment.home.run });
    chmodSync(environment.home.run, 0o755);
    expectFailure(await checkSockets(environment), /mode 755/);
  });

  it("wants a connected Firefox with an extension of its own version", async () => {
    const of = (...hosts: ReturnType<typeof fakeHost>[]): Promise<Check[]> => checkInstances(() => Promise.resolve(hosts), version);
    expect(await of(fakeHost({ extensionVersion: version }))).toMatchObject([{ name: "firefox", ok: true }, { name: "extension-version", ok: true }]);
    expectFailure((await of())[0], /No Firefox is connected/);
    expectFailure((await of(fakeHost(null)))[0], /No Firefox is connected/);
    expectFailure((await of(fakeHost({ instance: "work", extensionVersion: "0.0.9" })))[1], /work has 0\.0\.9/);
    expectFailure((await checkInstances(() => Promise.reject(new SteadError("socketUnsafe", "Not private.")), version))[0], /Not private/);
  });

  it("notes what a snap or Flatpak Firefox needs", async () => {
    const environment = testEnvironment();
    expect(await packagingNotes(environment)).toEqual([]);
    mkdirSync(join(environment.userHome, "snap/firefox"), { recursive: true });
    mkdirSync(join(environment.userHome, ".var/app/org.mozilla.firefox"), { recursive: true });
    expect(await packagingNotes(environment)).toMatchObject([{ name: "snap", ok: true }, { name: "flatpak", ok: true }]);
    expect(await packagingNotes({ ...environment, platform: "darwin" })).toEqual([]);
  });
});

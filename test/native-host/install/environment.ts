import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { homeFrom } from "../../../native-host/home.ts";
import type { InstallEnvironment } from "../../../native-host/install/environment.ts";

const temporary: string[] = [];
afterEach(() => {
  for (const path of temporary.splice(0)) rmSync(path, { recursive: true, force: true });
});

export interface TestEnvironment extends InstallEnvironment {
  /** Every call of reg.exe. */
  registry: string[][];
}

/** A user of that platform below a temporary directory whose name needs quoting. */
export function testEnvironment(platform: NodeJS.Platform = "linux", env: NodeJS.ProcessEnv = {}): TestEnvironment {
  const userHome = mkdtempSync(join(tmpdir(), "stead it's $HOME "));
  temporary.push(userHome);
  const hostProgram = join(userHome, "stead-host.js");
  writeFileSync(hostProgram, "");
  const data = join(userHome, "data");
  const registry: string[][] = [];
  const all = { STEAD_HOME: data, ...env };
  return {
    platform,
    env: all,
    userHome,
    home: homeFrom(all, platform),
    node: process.execPath,
    hostProgram,
    registry,
    reg: (args) => {
      registry.push([...args]);
      return Promise.resolve({ status: 0, output: "" });
    },
  };
}

/** Makes the directory that shows a browser is used. */
export function useBrowser({ userHome }: InstallEnvironment, profiles: string): void {
  mkdirSync(join(userHome, profiles), { recursive: true });
}

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { install } from "../../../native-host/install/install.ts";
import { isWrapper, wrapperText } from "../../../native-host/install/wrapper.ts";
import { testEnvironment } from "./environment.ts";

const seen = `process.stdout.write(JSON.stringify({
  args: process.argv.slice(2), exec: process.execPath, program: process.argv[1],
  env: Object.fromEntries(["STEAD_HOME", "STEAD_KEYSTORE", "XDG_DATA_HOME", "NODE_OPTIONS", "NODE_PATH"].map((name) => [name, process.env[name]])),
}));`;

function startWrapper(wrapper: string, env: NodeJS.ProcessEnv): unknown {
  return JSON.parse(execFileSync(wrapper, ["a manifest's path", "$(id)", "stead@stead"], { env, encoding: "utf8" }));
}

describe("the wrapper", () => {
  it("starts the host by absolute paths with next to no environment, in the same home", async () => {
    const environment = testEnvironment("linux", { STEAD_KEYSTORE: "file", XDG_DATA_HOME: "/data/it's" });
    writeFileSync(environment.hostProgram, seen);
    const { wrapper } = await install(environment);
    expect(startWrapper(wrapper, {})).toEqual({
      args: ["a manifest's path", "$(id)", "stead@stead"],
      exec: process.execPath,
      program: environment.hostProgram,
      env: { STEAD_HOME: environment.home.data, STEAD_KEYSTORE: "file", XDG_DATA_HOME: "/data/it's" },
    });
  });

  it("lets no one in by Node's own variables", async () => {
    const environment = testEnvironment();
    writeFileSync(environment.hostProgram, seen);
    const intruder = join(environment.userHome, "intruder.cjs");
    writeFileSync(intruder, "process.stdout.write('intruder');");
    const { wrapper } = await install(environment);
    const quoted = JSON.stringify(intruder);
    expect(startWrapper(wrapper, { NODE_OPTIONS: `--require ${quoted}`, NODE_PATH: environment.userHome })).toMatchObject({ env: { STEAD_HOME: environment.home.data } });
  });

  it("holds nothing of the environment but what chooses the store", () => {
    const text = wrapperText(testEnvironment("linux", { CANARY: "canary-55d0", STEAD_KEYSTORE: "" }));
    expect(text).not.toContain("canary");
    expect(text).not.toContain("STEAD_KEYSTORE");
    expect(isWrapper(text)).toBe(true);
  });

  it("makes a relative home absolute", () => {
    const environment = testEnvironment("linux", { STEAD_HOME: "below/here" });
    expect(wrapperText(environment)).toContain(`export STEAD_HOME='${process.cwd()}/below/here'`);
  });

  it("is a batch file on Windows", () => {
    const environment = { ...testEnvironment("win32", { STEAD_HOME: "/50%/home" }), node: "C:\\Program Files\\100%\\node.exe", hostProgram: "C:\\a&b\\stead-host.js" };
    const text = wrapperText(environment);
    expect(text.split("\r\n")[0]).toBe("@echo off");
    expect(text).toContain('set "NODE_OPTIONS="\r\n');
    expect(text).toContain('set "STEAD_HOME=/50%%/home"\r\n');
    expect(text).toContain('"C:\\Program Files\\100%%\\node.exe"');
    expect(text).toContain('"C:\\a&b\\stead-host.js" %*\r\n');
    expect(isWrapper(text)).toBe(true);
    expect(() => wrapperText({ ...environment, node: 'C:\\a"b\\node.exe' })).toThrow(/batch file/);
  });
});

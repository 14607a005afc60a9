import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { streamChannel } from "../../../native-host/host/frames.ts";
import { type Home, homeFrom } from "../../../native-host/home.ts";
import { extensionMethods, hostMethods } from "../../../shared/protocol/extensionHost.ts";
import { chunked } from "../../../shared/wire/chunks.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import type { Handlers, Params } from "../../../shared/wire/table.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface HostHome {
  env: NodeJS.ProcessEnv;
  home: Home;
  remove(): Promise<void>;
}

/** A directory of its own for store, keys and sockets. */
export async function makeHome(env: NodeJS.ProcessEnv = {}): Promise<HostHome> {
  const directory = await mkdtemp(join(tmpdir(), "stead-test-"));
  const whole = { ...process.env, STEAD_HOME: join(directory, "home"), STEAD_KEYSTORE: "file", ...env };
  return { env: whole, home: homeFrom(whole), remove: () => rm(directory, { recursive: true, force: true }) };
}

type Calls = { [M in keyof typeof extensionMethods]: { method: M; params: Params<typeof extensionMethods, M> } }[keyof typeof extensionMethods];

export interface FakeExtension {
  process: ChildProcess;
  peer: Peer<typeof extensionMethods, typeof hostMethods>;
  /** What the host asked, in order. */
  calls: Calls[];
  /** Resolves when the host has asked this; earlier calls count. */
  called<M extends keyof typeof extensionMethods>(method: M, where?: (params: Params<typeof extensionMethods, M>) => boolean): Promise<Params<typeof extensionMethods, M>>;
  connect(overrides?: Partial<Params<typeof hostMethods, "connect">>): ReturnType<FakeExtension["peer"]["call"]>;
  stderr(): string;
  /** The exit status, or the signal's name. */
  exited: Promise<number | string>;
  /** Ends the connection as Firefox does. */
  end(): Promise<number | string>;
}

export const instanceInfo = {
  id: "11111111-1111-4111-8111-111111111111",
  browser: "Firefox",
  version: "153.7",
  focusedAt: 1,
  current: null,
};

export function startProcess(env: NodeJS.ProcessEnv, args: readonly string[] = ["/manifest.json", "stead@stead"]): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", "native-host/stead-host.ts", ...args], {
    cwd: root,
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** The host as it is installed, `flags` for Node aside; `npm run build` makes it. */
export function startBuilt(env: NodeJS.ProcessEnv, flags: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [...flags, "dist/native-host/stead-host.js", "/manifest.json", "stead@stead"], { cwd: root, env, stdio: ["pipe", "pipe", "pipe"] });
}

/** A real host process with this test at the browser's end. */
export function startHost(env: NodeJS.ProcessEnv, overrides: Partial<Handlers<typeof extensionMethods>> = {}, child = startProcess(env)): FakeExtension {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error("The process has no pipes.");
  let errors = "";
  stderr.on("data", (text) => (errors += String(text)));
  const calls: Calls[] = [];
  const waiting: (() => void)[] = [];
  const note = (call: Calls): void => {
    calls.push(call);
    for (const look of waiting.splice(0)) look();
  };
  const answers: Handlers<typeof extensionMethods> = {
    switch: ({ project }) => ({ project, shown: 1, hidden: 2 }),
    open: ({ project }) => ({ project }),
    "rules.apply": ({ rules }) => ({ moved: rules.length }),
    tabs: () => ({ counts: {} }),
    "registry.changed": () => ({}),
    "state.apply": () => ({ failed: [] }),
    "storage.pending": () => ({ waiting: 0, failed: [] }),
    "state.resync": () => ({}),
    "vault.changed": () => ({}),
    ...overrides,
  };
  const peer = new Peer({
    channel: chunked(streamChannel(stdout, stdin)),
    side: "extension",
    version: "0.1.0",
    serves: extensionMethods,
    handlers: {
      switch: (params) => (note({ method: "switch", params }), answers.switch(params)),
      open: (params) => (note({ method: "open", params }), answers.open(params)),
      "rules.apply": (params) => (note({ method: "rules.apply", params }), answers["rules.apply"](params)),
      tabs: (params) => (note({ method: "tabs", params }), answers.tabs(params)),
      "registry.changed": (params) => (note({ method: "registry.changed", params }), answers["registry.changed"](params)),
      "state.apply": (params) => (note({ method: "state.apply", params }), answers["state.apply"](params)),
      "storage.pending": (params) => (note({ method: "storage.pending", params }), answers["storage.pending"](params)),
      "state.resync": (params) => (note({ method: "state.resync", params }), answers["state.resync"](params)),
      "vault.changed": (params) => (note({ method: "vault.changed", params }), answers["vault.changed"](params)),
    },
    calls: hostMethods,
  });
  const exited = once(child, "exit").then(([status, signal]) => (typeof status === "number" ? status : String(signal)));

  return {
    process: child,
    peer,
    calls,
    called(method, where = () => true) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          for (const call of calls) {
            if (!isCall(call, method) || !where(call.params)) continue;
            resolve(call.params);
            return;
          }
          waiting.push(look);
        };
        look();
        void peer.closed.then(reject);
      });
    },
    connect: (changes = {}) => peer.call("connect", { instance: instanceInfo, ...changes }),
    stderr: () => errors,
    exited,
    end() {
      stdin.end();
      return exited;
    },
  };
}

function isCall<M extends keyof typeof extensionMethods>(call: Calls, method: M): call is Calls & { method: M; params: Params<typeof extensionMethods, M> } {
  return call.method === method;
}

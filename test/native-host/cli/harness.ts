import { EventEmitter } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach } from "vitest";
import type { Edges } from "../../../native-host/cli/edges.ts";
import { main } from "../../../native-host/cli/main.ts";
import type { HostLink } from "../../../native-host/host/link.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { Project, Tally, VaultStatus } from "../../../shared/models.ts";
import { type InstanceStatus, noMethods, socketMethods } from "../../../shared/protocol/cliHost.ts";
import type { Channel } from "../../../shared/wire/channel.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import type { Handlers } from "../../../shared/wire/table.ts";
import { memoryRules } from "./memoryRules.ts";

export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
  /** stdout as the one JSON document that it must be. */
  json: unknown;
}

export interface World {
  store?: Store;
  hosts?: HostLink[];
  vault?: VaultStatus;
  edges?: Partial<Edges>;
  env?: NodeJS.ProcessEnv;
  /** What is written to stdin before its end. */
  stdin?: string;
  terminal?: boolean;
  /** Answers to questions at the terminal, in order. */
  answers?: (string | boolean)[];
}

export interface Harness {
  home: string;
  /** What was asked at the terminal. */
  asked: string[];
  run: (...args: string[]) => Promise<Ran>;
}

const temporary: string[] = [];
afterEach(() => {
  for (const path of temporary.splice(0)) rmSync(path, { recursive: true, force: true });
});

export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "stead-test-"));
  temporary.push(path);
  return path;
}

/** The command line over a store, hosts and a vault that the test made. What is not given must not be touched. */
export function harness(world: World = {}): Harness {
  const home = temporaryDirectory();
  const asked: string[] = [];
  const answers = [...(world.answers ?? [])];
  const answer = (question: string): string | boolean => {
    asked.push(question);
    const next = answers.shift();
    if (next === undefined) throw new Error(`Nobody answers ${JSON.stringify(question)}.`);
    return next;
  };
  const untouchable = (what: string) => (): never => {
    throw new Error(`${what} was touched.`);
  };
  const edges: Edges = {
    openStore: world.store ? () => Promise.resolve(world.store ?? untouchable("The store")()) : untouchable("The store"),
    connectHosts: () => Promise.resolve(world.hosts ?? []),
    storeIsFounded: ({ store }) => Promise.resolve(existsSync(store)),
    vaultStatus: world.vault ? () => Promise.resolve(world.vault ?? untouchable("The vault")()) : untouchable("The vault"),
    lockVault: untouchable("The vault"),
    unlockVault: untouchable("The vault"),
    setAutoLock: untouchable("The vault"),
    rotateKey: untouchable("The vault"),
    makeBackup: untouchable("The store"),
    restoreBackup: untouchable("The store"),
    choose: (_proc, question) => Promise.resolve(String(answer(question))),
    confirm: (_proc, question) => Promise.resolve(answer(question) === true),
    secret: (_proc, question) => Promise.resolve(String(answer(question))),
    reg: untouchable("The registry"),
    ...world.edges,
  };

  return {
    home,
    asked,
    run: async (...args) => {
      const out = collector(world.terminal);
      const err = collector(world.terminal);
      const stdin = Object.assign(new PassThrough(), { isTTY: world.terminal ?? false });
      stdin.end(world.stdin ?? "");
      const proc = {
        argv: ["node", "stead", ...args],
        env: { STEAD_HOME: join(home, "stead"), HOME: home, ...world.env },
        platform: "linux" as const,
        execPath: process.execPath,
        stdin,
        stdout: out.stream,
        stderr: err.stream,
        exitCode: 0,
      };
      await main(proc, { hostProgram: join(home, "stead-host.js"), edges });
      const stdout = out.text();
      return {
        status: proc.exitCode,
        stdout,
        stderr: err.text(),
        get json(): unknown {
          const document: unknown = JSON.parse(stdout);
          return document;
        },
      };
    },
  };
}

function collector(terminal = false): { stream: Writable & { isTTY: boolean }; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY: terminal }), text: () => chunks.join("") };
}

export interface FakeHost extends HostLink {
  calls: { method: string; params: unknown }[];
}

export const acme: Project = { id: "00000000-0000-4000-8000-000000000001", name: "acme", color: "green", icon: "briefcase" };
export const globex: Project = { id: "00000000-0000-4000-8000-000000000002", name: "globex", color: "red", icon: "cart" };

/** A host over a real pair of peers; `instance: null` is one whose extension has not spoken yet. */
export function fakeHost(instance: Partial<InstanceStatus> | null, handlers: Partial<Handlers<typeof socketMethods>> = {}): FakeHost {
  const calls: FakeHost["calls"] = [];
  const record = <P, R>(method: string, handler: (params: P) => R) => (params: P): R => {
    calls.push({ method, params });
    return handler(params);
  };
  const status: InstanceStatus | null = instance && {
    instance: "firefox", id: "10000000-0000-4000-8000-000000000001", browser: "Firefox", version: "153.7",
    extensionVersion: "0.1.0", connectedAt: "2030-01-02T03:04:05.000Z", focusedAt: 1, current: null, pid: 4711, ...instance,
  };
  const all: Handlers<typeof socketMethods> = {
    instance: () => ({ instance: status }),
    current: () => ({ project: status?.current ?? null }),
    switch: ({ project }) => ({ project, shown: 3, hidden: 2 }),
    open: ({ project }) => ({ project }),
    "rules.apply": () => ({ moved: 0 }),
    tabs: () => ({ counts: {} }),
    poke: () => ({ failed: [] }),
    "vault.changed": () => ({}),
    ...handlers,
  };
  const [near, far] = channelPair();
  new Peer({
    channel: far, side: "host", version: "0.1.0", serves: socketMethods, calls: noMethods,
    handlers: {
      instance: record("instance", all.instance), current: record("current", all.current), switch: record("switch", all.switch),
      open: record("open", all.open), "rules.apply": record("rules.apply", all["rules.apply"]),
      tabs: record("tabs", all.tabs), poke: record("poke", all.poke), "vault.changed": record("vault.changed", all["vault.changed"]),
    },
  });
  const peer = new Peer({ channel: near, side: "cli", version: "0.1.0", serves: noMethods, handlers: {}, calls: socketMethods });
  return { peer, instance: status, close: () => peer.close(), calls };
}

function channelPair(): [Channel, Channel] {
  const ends = [new EventEmitter(), new EventEmitter()] as const;
  // What is sent before the other end listens must wait for it.
  const channel = (mine: EventEmitter, theirs: EventEmitter): Channel => ({
    send: (message) => void setImmediate(() => theirs.emit("message", message)),
    onMessage: (listener) => void mine.on("message", listener),
    onClose: (listener) => void mine.on("closed", listener),
    close: () => void setImmediate(() => theirs.emit("closed")),
  });
  return [channel(ends[0], ends[1]), channel(ends[1], ends[0])];
}

/** The part of the store the commands use, in memory; the real one has tests of its own. */
export function fakeStore(projects: readonly Project[] = [], options: { items?: number; damaged?: Tally[] } = {}): Store & { closed: boolean } {
  const all = [...projects];
  let revision = all.length;
  const rules = memoryRules({ expect: (id) => void find(id), nextRevision: () => ++revision });
  let active: ReturnType<Store["active"]> = { project: null, at: 0, pending: false };
  const items = options.items ?? 0;
  const unused = (): never => {
    throw new Error("Not a part of this test.");
  };
  const find = (id: string): Project => {
    const project = all.find((one) => one.id === id);
    if (!project) throw new SteadError("unknownProject", "There is no such project.");
    return project;
  };
  const refuseTaken = (name: string): void => {
    if (all.some((one) => one.name === name)) throw new SteadError("projectExists", `There is a project named ${JSON.stringify(name)} already.`);
  };
  return {
    closed: false,
    path: "/store.db",
    id: "store",
    vault: () => ({ state: "unlocked", source: "file" }),
    revision: () => revision,
    itemCount: () => items * all.length,
    registry: () => ({
      projects: all.map((one) => ({ ...one, items, rules: rules.rules(one.id).length })), active: active.project,
      vault: { state: "unlocked", source: "file" }, removed: [], settings: rules.settings(), rules: { store: "store", revision: rules.latest() },
    }),
    ...rules,
    addProject: ({ name, color, icon }) => {
      refuseTaken(name);
      const project: Project = { id: "00000000-0000-4000-8000-00000000000f", name, color: color ?? "blue", icon: icon ?? "fingerprint" };
      all.push(project);
      revision++;
      return project;
    },
    updateProject: (id, patch) => {
      if (patch.name !== undefined && patch.name !== find(id).name) refuseTaken(patch.name);
      revision++;
      return Object.assign(find(id), patch);
    },
    removeProject: (id) => {
      const { name } = find(id);
      const lost = rules.rules(id).length;
      rules.dropProject(id);
      all.splice(all.indexOf(find(id)), 1);
      revision++;
      return { name, items, rules: lost };
    },
    active: () => active,
    setActive: (next) => {
      active = next;
    },
    meetInstance: unused,
    write: unused,
    entries: () => [],
    unaudited: { items: () => [], entries: () => [], snapshot: () => ({ revision, entries: [] }) },
    writeEntries: unused,
    snapshot: () => ({ revision, entries: [] }),
    history: unused,
    restore: unused,
    checkout: unused,
    checkin: unused,
    update: unused,
    renewLease: unused,
    releaseLease: unused,
    revokeLease: unused,
    leases: () => [],
    forget: unused,
    ttls: unused,
    setTtl: unused,
    endOutlived: unused,
    nextEnd: unused,
    use: unused,
    setLockAfter: unused,
    locksAt: unused,
    historyLimits: unused,
    setHistoryLimits: unused,
    audit: unused,
    recordAccess: unused,
    auditLimits: unused,
    setAuditLimits: unused,
    reconcile: unused,
    updatesFor: unused,
    setSynced: unused,
    changeOrigin: unused,
    compareOrigin: unused,
    originUpdate: unused,
    setOriginSynced: unused,
    resetOrigins: unused,
    pendingOrigins: unused,
    setGaps: unused,
    gaps: () => [],
    verify: () => ({ items, damaged: options.damaged ?? [] }),
    examine: unused,
    repair: unused,
    close() {
      this.closed = true;
    },
  };
}

import { isDeepStrictEqual } from "node:util";
import { SteadError, toErrorShape } from "../../shared/errors.ts";
import type { Project, ProjectId, VaultStatus } from "../../shared/models.ts";
import type { InstanceStatus } from "../../shared/protocol/cliHost.ts";
import type { extensionMethods, hostMethods, InstanceInfo } from "../../shared/protocol/extensionHost.ts";
import type { Registry } from "../../shared/protocol/store.ts";
import type { RuleId } from "../../shared/rules/rule.ts";
import { expectWebUrl } from "../../shared/webUrl.ts";
import type { Peer } from "../../shared/wire/peer.ts";
import type { MethodName, Params, Result } from "../../shared/wire/table.ts";
import { findProject } from "../actions/findProject.ts";
import { Deliveries, type Delivery } from "./delivery.ts";
import { Alarm } from "../alarm.ts";
import { oneAtATime } from "./oneAtATime.ts";
import type { StoreWorkerPeer } from "./startStoreWorker.ts";
import type { workerMethods } from "./workerMethods.ts";

/** How long the extension may take, in milliseconds: to note something. */
const noteTimeoutMs = 10_000;
/** … and to make a container, fill it and open tabs in it. */
const openTimeoutMs = 25_000;

export type ExtensionPeer = Peer<typeof hostMethods, typeof extensionMethods>;

export interface SessionOptions {
  worker: StoreWorkerPeer;
  /** The extension's end; asked for when it is needed, since its handlers need the session. */
  extension: () => ExtensionPeer;
  /** Resolves when commands can find this host: they may once Firefox counts as connected. */
  reachable: Promise<unknown>;
  /** This host has committed something up to the revision that the other hosts do not know of. Must not block. */
  announce: (revision: number) => void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The Firefox profile at the other end. */
interface Instance {
  readonly info: InstanceInfo;
  /** Undefined while the vault is locked: the store knows the names. */
  readonly name: string | undefined;
  readonly extensionVersion: string;
  /** ISO 8601 UTC */
  readonly connectedAt: string;
}

/** What one host process knows between its Firefox, its store and the commands. */
export class Session {
  /** Reads the registry again and tells the extension when it changed. */
  readonly refresh = oneAtATime(() => this.#refresh());
  /** Brings the extension's containers to the store's present state; what could not be applied is counted. */
  readonly deliver = oneAtATime(() => this.#deliver());
  /** Opens the store anew after the vault was locked or unlocked, and tells the extension. */
  readonly reopen = oneAtATime(() => this.#reopen());

  /** Does what is due in the store, and sees to what follows: by itself, for as long as something can come to be due. */
  readonly tend = oneAtATime(() => this.#tend());

  readonly #options: SessionOptions;
  readonly #alarm = new Alarm(() => this.#inBackground(this.tend()));
  readonly #deliveries: Deliveries;
  #instance: Instance | undefined;
  #registry: Registry | null = null;
  #vault: VaultStatus | undefined;
  /** Up to where the other hosts know. */
  #announced = 0;
  /** The store's revision at the last look at what is due; undefined before the first, while the extension compares all itself. */
  #tended: number | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#deliveries = new Deliveries({ extension: options.extension, store: (method, params) => this.store(method, params) });
  }

  /** The extension's first call. */
  async connect({ instance: info }: Params<typeof hostMethods, "connect">): Promise<Result<typeof hostMethods, "connect">> {
    const { version: extensionVersion } = await this.#options.extension().ready;
    const met = await this.#options.worker.call("meet", { instance: info.id, browser: info.browser });
    this.#take(met);
    await this.#options.reachable;
    const connectedAt = new Date(this.#options.now()).toISOString();
    this.#instance = { info, name: met.name ?? undefined, extensionVersion, connectedAt };
    this.#inBackground(this.tend());
    return { name: nameOf(this.#instance), vault: met.vault, registry: met.registry, apply: met.apply };
  }

  changeInstance(change: Pick<InstanceInfo, "focusedAt" | "current">): void {
    if (!this.#instance) return;
    const { info } = this.#instance;
    // A page of the extension that was woken says again what it said at its connection.
    if (change.focusedAt !== info.focusedAt || change.current !== info.current) this.used();
    this.#instance = { ...this.#instance, info: { ...info, ...change } };
  }

  /** A person does something: the vault does not lock itself for a while. Does not wait. */
  used(): void {
    this.#inBackground(this.store("use", {}));
  }

  status(): InstanceStatus | null {
    if (!this.#instance) return null;
    const { info, extensionVersion, connectedAt } = this.#instance;
    return {
      instance: nameOf(this.#instance),
      id: info.id,
      browser: info.browser,
      version: info.version,
      extensionVersion,
      connectedAt,
      focusedAt: info.focusedAt,
      current: this.current(),
      pid: process.pid,
    };
  }

  /** The name of the profile's current project. */
  current(): string | null {
    const id = this.#instance?.info.current ?? null;
    return this.#registry?.projects.find((project) => project.id === id)?.name ?? null;
  }

  /** Asks the store on the extension's behalf. */
  async store<M extends MethodName<typeof workerMethods>>(
    method: M,
    params: Params<typeof workerMethods, M>,
  ): Promise<Result<typeof workerMethods, M>> {
    try {
      return await this.#options.worker.call(method, params);
    } catch (error) {
      if (isLocked(error) && this.#vault?.state === "unlocked") this.#inBackground(this.reopen());
      throw error;
    }
  }

  /** The extension changed projects: its own view and the other hosts follow. Does not wait for either. */
  registryWritten(): void {
    this.#inBackground(this.refresh());
    this.#inBackground(this.#options.worker.call("revision", {}).then(({ revision }) => this.#tellOthers(revision)));
  }

  /** The extension's containers changed the store up to `revision`. */
  stateWritten(revision: number): void {
    if (revision > this.#announced) this.#tellOthers(revision);
  }

  /** As stateWritten(), where no answer says up to which revision. */
  somethingWritten(): void {
    this.#inBackground(this.#options.worker.call("revision", {}).then(({ revision }) => this.stateWritten(revision)));
  }

  /** Another process changed the store up to `revision`, and tells everyone itself. */
  async poked(revision: number): Promise<Delivery> {
    this.#announced = Math.max(this.#announced, revision);
    // Something may have been set that comes to be due sooner.
    this.#inBackground(this.tend());
    return this.deliver();
  }

  async switch(request: {
    project: string;
    prefix: boolean;
    window?: "bind" | "unbind" | undefined;
    adopt?: boolean | undefined;
  }): Promise<{ project: string; shown: number; hidden: number }> {
    this.#connected();
    this.used();
    const { id, name } = await this.#find(request.project, request.prefix);
    const { shown, hidden } = await this.#options.extension().call(
      "switch",
      {
        project: id,
        ...(request.window !== undefined && { window: request.window }),
        ...(request.adopt !== undefined && { adopt: request.adopt }),
      },
      { timeoutMs: noteTimeoutMs },
    );
    this.changeInstance({ focusedAt: this.#connected().info.focusedAt, current: id });
    return { project: name, shown, hidden };
  }

  /** `project` in the answer is null when the address opened in none, or while the user is asked. Throws `badUrl`. */
  async open({ url, project: name, prefix }: { url: string; project: string | null; prefix: boolean }): Promise<{ project: string | null }> {
    const address = expectWebUrl(url);
    this.#connected();
    this.used();
    const wanted = name === null ? null : (await this.#find(name, prefix)).id;
    const { project } = await this.#options.extension().call("open", { url: address, project: wanted }, { timeoutMs: openTimeoutMs });
    return { project: project === null ? null : await this.#nameOf(project) };
  }

  async applyRules(rules: RuleId[]): Promise<{ moved: number }> {
    this.#connected();
    // It must have been told of them first.
    await this.refresh();
    return this.#options.extension().call("rules.apply", { rules }, { timeoutMs: openTimeoutMs });
  }

  async tabs(): Promise<{ counts: Record<string, number> }> {
    return this.#options.extension().call("tabs", {}, { timeoutMs: noteTimeoutMs });
  }

  /** Throws `noFirefox` until the extension has said who it is. */
  #connected(): Instance {
    if (!this.#instance) throw new SteadError("noFirefox", "Firefox has started this host but has not said who it is yet.");
    return this.#instance;
  }

  async #nameOf(project: ProjectId): Promise<string | null> {
    const find = (): Project | undefined => this.#registry?.projects.find(({ id }) => id === project);
    // The extension may have made it a moment ago. The page is open already, whatever becomes of the name.
    if (!find()) await this.refresh().catch(warn);
    return find()?.name ?? null;
  }

  async #find(name: string, prefix: boolean): Promise<Project> {
    if (this.#registry) {
      try {
        return findProject(this.#registry.projects, name, { prefix });
      } catch {
        // It may have been made a moment ago by someone whose poke has not come yet.
      }
    }
    await this.refresh();
    return findProject(this.#registry?.projects ?? [], name, { prefix });
  }

  async #refresh(): Promise<void> {
    const registry = await this.store("registry", {});
    if (isDeepStrictEqual(registry, this.#registry)) return;
    if (this.#isAnotherStore(registry)) {
      await this.reopen();
      return;
    }
    this.#registry = registry;
    if (this.#instance) await this.#tell("registry.changed", registry);
  }

  async #deliver(): Promise<Delivery> {
    // At its connection it is told everything.
    if (!this.#instance) return { failed: [], waiting: 0 };
    // Whoever wrote had the keys, so the vault is open again: what follows from that brings the containers there too.
    if (this.#vault?.state === "locked") {
      await this.reopen();
      return { failed: [], waiting: 0 };
    }
    await this.refresh();
    return this.#deliveries.to(this.#instance.info.id);
  }

  async #reopen(): Promise<void> {
    const wasLocked = this.#vault?.state !== "unlocked";
    const { worker } = this.#options;
    let opened = await worker.call("open", { again: true });
    let apply: ProjectId | null = null;
    // A backup was restored: to this store the profile is a stranger that may hold anything.
    const isNew = wasLocked || this.#isAnotherStore(opened.registry);
    if (this.#instance && isNew && opened.registry) {
      const { info } = this.#instance;
      const met = await worker.call("meet", { instance: info.id, browser: info.browser });
      this.#instance = { ...this.#instance, name: met.name ?? this.#instance.name };
      apply = met.apply;
      opened = met;
    }
    this.#take(opened);
    if (!this.#instance) return;
    await this.#tell("vault.changed", opened.vault);
    if (!opened.registry) return;
    this.#tended = undefined;
    this.#inBackground(this.tend());
    await this.#tell("registry.changed", opened.registry);
    if (!isNew) return;
    this.#inBackground(this.#options.extension().call("state.resync", {}));
    if (apply !== null) this.#inBackground(this.#options.extension().call("switch", { project: apply }));
  }

  async #tend(): Promise<void> {
    // Until it has answered: another process may write for long.
    this.#alarm.set(Infinity);
    const { tended } = await this.#options.worker.call("tend", {});
    const next = tended?.next ?? null;
    this.#alarm.set(next === null ? null : next - this.#options.now());
    if (!tended) {
      if (this.#vault?.state === "unlocked") await this.reopen();
      return;
    }
    const isNews = this.#tended !== undefined && this.#tended !== tended.revision;
    this.#tended = tended.revision;
    if (tended.ended > 0) this.#tellOthers(tended.revision);
    if (isNews) await this.deliver();
  }

  #take({ vault, registry, revision }: { vault: VaultStatus; registry: Registry | null; revision: number | null }): void {
    // Another store counts its revisions by itself.
    this.#announced = this.#isAnotherStore(registry) ? (revision ?? 0) : Math.max(this.#announced, revision ?? 0);
    this.#vault = vault;
    this.#registry = registry;
  }

  /** Whether it is not of the store that was known before. */
  #isAnotherStore(registry: Registry | null): boolean {
    const known = this.#registry?.rules?.store;
    return known !== undefined && registry?.rules !== undefined && registry.rules.store !== known;
  }

  #tellOthers(revision: number): void {
    this.#announced = Math.max(this.#announced, revision);
    this.#options.announce(revision);
  }

  /** The extension may be of a version that does not know the note, or slow: that must not stop what follows. */
  async #tell<M extends "vault.changed" | "registry.changed">(method: M, params: Params<typeof extensionMethods, M>): Promise<void> {
    try {
      await this.#options.extension().call(method, params, { timeoutMs: noteTimeoutMs });
    } catch (error) {
      warn(error);
    }
  }

  #inBackground(work: Promise<unknown>): void {
    work.catch(warn);
  }
}

function nameOf({ name, info }: Instance): string {
  return name ?? info.browser.toLowerCase();
}

function isLocked(error: unknown): boolean {
  return error instanceof SteadError && error.code === "vaultLocked";
}

function warn(error: unknown): void {
  const { code } = toErrorShape(error);
  if (code !== "disconnected" && code !== "vaultLocked") console.warn(`stead-host: ${code}`);
}

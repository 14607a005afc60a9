import { SteadError } from "../../shared/errors.ts";
import type { ProjectId, Tally } from "../../shared/models.ts";
import { contentMethods, documentMethods } from "../../shared/protocol/contentStorage.ts";
import { Tallies } from "../../shared/formats/tallies.ts";
import type { PendingOrigin } from "../../shared/protocol/pageStorage.ts";
import { Peer } from "../../shared/wire/peer.ts";
import { projectOf } from "../core/localState.ts";
import { PendingOrigins } from "../core/pageStorage/pendingOrigins.ts";
import type { FreshStart } from "./freshStart.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { Local } from "./local.ts";
import { type OpenDocument, OriginSync } from "./originSync.ts";
import { portChannel } from "./portChannel.ts";
import { StorageGate } from "./storageGate.ts";
import { webext } from "./webext.ts";

/** How long a document counts as just made, in milliseconds: loaded again later, it could lose what somebody has typed. */
const newFor = 15_000;

export interface StorageParts {
  local: Local;
  host: HostConnection;
  start: FreshStart;
  /** A tab's page did not get all that the store has for it. */
  onFailed: (tab: number, host: string, project: ProjectId, count: number) => void;
}

/** Carries the page storage of project containers to the host and back, origin by origin. */
export class StorageSync {
  readonly #parts: StorageParts;
  readonly #gate: StorageGate;
  readonly #origins = new Map<ProjectId, Map<string, OriginSync>>();
  readonly #pending = new PendingOrigins();

  constructor(parts: StorageParts) {
    this.#parts = parts;
    this.#gate = new StorageGate((cookieStoreId, origin) => {
      const project = projectOf(parts.local.state, cookieStoreId);
      return project !== undefined && this.#pending.has(project, origin);
    });
  }

  /** A content script calls. Who it is of is told by Firefox, not by the script. */
  accept(port: browser.runtime.Port): void {
    const { tab, frameId = 0, url = "" } = port.sender ?? {};
    const { local } = this.#parts;
    const opened = local.ready.then(() => {
      const project = projectOf(local.state, tab?.cookieStoreId);
      if (tab?.id === undefined || project === undefined || !URL.canParse(url)) throw new SteadError("badMessage", "This document is of no project.");
      return { tab: tab.id, project, origin: new URL(url).origin };
    });
    opened.catch(() => undefined);
    let document: OpenDocument | undefined;
    const own = async (): Promise<{ sync: OriginSync; document: OpenDocument }> => {
      const { project, origin } = await opened;
      if (!document) throw new SteadError("badMessage", "A document speaks before it has opened.");
      return { sync: this.#origin(project, origin), document };
    };
    const peer: OpenDocument["peer"] = new Peer({
      channel: portChannel(port),
      side: "background",
      version: webext.runtime.getManifest().version,
      serves: documentMethods,
      calls: contentMethods,
      handlers: {
        opened: async ({ origin: said, visible, isNew }) => {
          const { tab, project, origin } = await opened;
          if (said !== origin) throw new SteadError("badMessage", "A document was expected to be of the origin it is shown under.");
          document = { peer, tab, frame: frameId, visible, isHeld: () => this.#gate.holds(tab, frameId), newUntil: isNew ? Date.now() + newFor : 0 };
          try {
            await this.#origin(project, origin).opened(document, this.#gate.holds(tab, frameId));
          } finally {
            this.#gate.release(tab, frameId);
          }
          return {};
        },
        report: async (report) => {
          const { sync, document } = await own();
          sync.reported(document, report);
          return {};
        },
        changed: async (seen) => {
          const { sync, document } = await own();
          sync.changed(document, seen);
          return {};
        },
        shown: async ({ visible }) => {
          (await own()).document.visible = visible;
          return {};
        },
      },
    });
    void peer.closed.then(async () => {
      const { project, origin } = await opened;
      if (document) this.#origin(project, origin).documents.delete(document);
    }).catch(() => undefined);
  }

  /** After the cookies, at connection and when the vault was opened. */
  async connected(): Promise<void> {
    const { host, local } = this.#parts;
    if (!host.live) return;
    const { pending } = await host.call("storage.pending", { instance: local.state.instance });
    this.#setPending(pending);
    await Promise.all(this.#all().map((origin) => origin.connected().catch(() => undefined)));
  }

  /** The store changed by another hand: what is open takes it over at once, the rest before its first script at its next load. */
  async take(pending: readonly PendingOrigin[]): Promise<{ waiting: number; failed: Tally[] }> {
    this.#setPending(pending);
    const answers = await Promise.all(pending.map(({ project, origin }) => this.#origin(project, origin).update().catch(() => undefined)));
    const failed = new Tallies();
    for (const { reason, count } of answers.flatMap((answer) => answer ?? [])) failed.add(reason, count);
    return { waiting: answers.filter((answer) => answer === undefined).length, failed: failed.list() };
  }

  /** The project's container has just been made: it has nothing of the store yet. */
  async containerMade(project: ProjectId): Promise<void> {
    this.containerLost(project);
    const { host, local } = this.#parts;
    if (!host.live) return;
    await host.call("storage.reset", { instance: local.state.instance, project });
    this.#setPending((await host.call("storage.pending", { instance: local.state.instance })).pending);
    // Of one that was there before Stead, pages may be open.
    await Promise.all([...(this.#origins.get(project)?.values() ?? [])].map((origin) => origin.connected().catch(() => undefined)));
  }

  /** The container was removed, and its storage with it, which is not the user's deletion. */
  containerLost(project: ProjectId): void {
    this.#parts.local.forgetPages(project);
    for (const origin of this.#origins.get(project)?.values() ?? []) origin.forget();
  }

  #origin(project: ProjectId, origin: string): OriginSync {
    const ofProject = this.#origins.get(project) ?? new Map<string, OriginSync>();
    this.#origins.set(project, ofProject);
    const known = ofProject.get(origin);
    if (known) return known;
    const { local, host, start, onFailed } = this.#parts;
    const made = new OriginSync({
      local,
      host,
      project,
      origin,
      isStale: () => start.isFirst,
      isPending: () => this.#pending.has(project, origin),
      onSynced: (revision) => {
        if (this.#pending.settle(project, origin, revision)) this.#watch();
      },
      onFailed: (tab, failed) => onFailed(tab, new URL(origin).host, project, failed.reduce((sum, { count }) => sum + count, 0)),
    });
    ofProject.set(origin, made);
    return made;
  }

  #all(): OriginSync[] {
    return [...this.#origins.values()].flatMap((ofProject) => [...ofProject.values()]);
  }

  #setPending(pending: readonly PendingOrigin[]): void {
    this.#pending.replace(pending);
    this.#watch();
  }

  #watch(): void {
    this.#gate.watch(this.#pending.origins());
  }
}

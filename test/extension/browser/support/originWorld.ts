import { Local } from "../../../../extension/browser/local.ts";
import { type OpenDocument, OriginSync } from "../../../../extension/browser/originSync.ts";
import type { Tally } from "../../../../shared/models.ts";
import type { Store } from "../../../../native-host/store/types.ts";
import { contentMethods, documentMethods } from "../../../../shared/protocol/contentStorage.ts";
import { pageStorageMethods } from "../../../../shared/protocol/pageStorage.ts";
import type { Entry } from "../../../../shared/state/entry.ts";
import { entryKey } from "../../../../shared/state/entryKey.ts";
import { type PageChange, PageEntry } from "../../../../shared/state/pageEntry.ts";
import { hostMethods } from "../../../../shared/protocol/extensionHost.ts";
import { Peer } from "../../../../shared/wire/peer.ts";
import type { Handlers } from "../../../../shared/wire/table.ts";
import { local as localItem, origin, session as sessionItem } from "../../../support/entries.ts";
import { storeHome, storeIn } from "../../../support/storeHome.ts";
import { channelPair } from "../../../shared/wire/channelPair.ts";
import { FakeContainer, FakePage } from "./fakePage.ts";

export const local = (key: string, value: string): PageEntry => PageEntry.parse(localItem(key, value));
export const session = (key: string, value: string): PageEntry => PageEntry.parse(sessionItem(key, value));
export const set = (entry: PageEntry, at = Date.now()): PageChange => ({ kind: "set", entry, at });

export interface OpenPage {
  page: FakePage;
  document: OpenDocument;
  /** It goes away: nobody answers any more. */
  close: () => void;
}

/** One origin of a container between its documents and a real store. */
export class OriginWorld {
  readonly container = new FakeContainer();
  /** What was asked of the host and of documents, in order. */
  readonly log: string[] = [];
  readonly failures: Tally[][] = [];
  readonly local = new Local();
  readonly store: Store;
  readonly project: string;
  readonly sync: OriginSync;
  live = true;
  /** Runs before the host or a document answers that method; throwing refuses it. */
  readonly before = new Map<string, () => Promise<void> | void>();
  /** Holds the answer to that method back. */
  readonly after = new Map<string, () => Promise<void>>();
  #isDraining = false;

  constructor(store: Store, project: string) {
    this.store = store;
    this.project = project;
    const host = this.#connectHost();
    const isLive = (): boolean => this.live;
    this.sync = new OriginSync({
      local: this.local,
      host: { get live() { return isLive(); }, call: (method, params) => host.call(method, params) },
      isStale: () => Promise.resolve(false),
      project,
      origin,
      isPending: () => !this.#isDraining && this.isPending(),
      onSynced: (revision) => this.log.push(`onSynced ${revision <= this.store.revision()}`),
      onFailed: (_tab, failed) => this.failures.push([...failed]),
    });
  }

  /** Whether the store has something for the container. */
  isPending(): boolean {
    return this.store.pendingOrigins("one").some((one) => one.origin === origin);
  }

  /** Another hand's. */
  others(...changes: PageChange[]): void {
    this.store.writeEntries(this.project, changes, { by: "import" });
  }

  open({ tab = 1, visible = true, isNew = false }: { tab?: number; visible?: boolean; isNew?: boolean } = {}): OpenPage {
    const [mine, theirs] = channelPair();
    const page = new FakePage(this.container, tab);
    const logged = this.#logged(page.handlers, `${tab} `);
    new Peer({ channel: theirs, side: "content", version: "0", serves: contentMethods, handlers: logged, calls: documentMethods });
    const nothing = (): Record<string, never> => ({});
    const handlers: Handlers<typeof documentMethods> = { opened: nothing, report: nothing, changed: nothing, shown: nothing };
    const peer = new Peer({ channel: mine, side: "background", version: "0", serves: documentMethods, handlers, calls: contentMethods });
    const document: OpenDocument = { peer, tab, frame: 0, isHeld: () => false, visible, newUntil: isNew ? Date.now() + 15_000 : 0 };
    return {
      page,
      document,
      close: () => {
        peer.close();
        this.sync.documents.delete(document);
      },
    };
  }

  /** A document that has opened, and reported. */
  async load(options: Parameters<OriginWorld["open"]>[0] & { held?: boolean } = {}): Promise<OpenPage> {
    const opened = this.open(options);
    await this.sync.opened(opened.document, options.held ?? false);
    this.sync.reported(opened.document, opened.page.report());
    await this.settled();
    return opened;
  }

  /** The content script looks, and tells. */
  async see({ page, document }: OpenPage, at = Date.now()): Promise<void> {
    const changes = page.look(at);
    if (changes.length > 0) this.sync.changed(document, { changes, gaps: [] });
    await this.settled();
  }

  /** All that was begun has ended. */
  async settled(): Promise<void> {
    const { document } = this.open({ tab: -1 });
    this.#isDraining = true;
    const drained = this.sync.opened(document, true);
    this.sync.documents.delete(document);
    await drained.finally(() => (this.#isDraining = false));
  }

  /** What the store has, by key; undefined for a tombstone. */
  stored(): Record<string, string | undefined> {
    return Object.fromEntries(
      this.store.unaudited.entries(this.project, { origin }).map(({ id, entry }) => [nameOf(entryKey(id)), entry && textOf(entry)]),
    );
  }

  /** What the container has, by key. */
  shown(tab = 1): Record<string, string> {
    const all = [...this.container.shared.values(), ...this.container.session(tab).values()];
    return Object.fromEntries(all.map((entry) => [nameOf(entryKey(entry)), textOf(entry)]));
  }

  #connectHost(): Peer<Record<string, never>, typeof hostMethods> {
    const { store } = this;
    const [mine, theirs] = channelPair();
    const handlers: Handlers<typeof pageStorageMethods> = {
      "storage.delta": (request) => store.changeOrigin(request),
      "storage.compare": (request) => store.compareOrigin(request),
      "storage.update": (place) => store.originUpdate(place),
      "storage.synced": (request) => (store.setOriginSynced(request), {}),
      "storage.reset": (container) => (store.resetOrigins(container), {}),
      "storage.gaps": (request) => (store.setGaps(request), {}),
      "storage.pending": ({ instance }) => ({ pending: store.pendingOrigins(instance) }),
    };
    new Peer({ channel: theirs, side: "host", version: "0", serves: pageStorageMethods, handlers: this.#logged(handlers), calls: {} });
    return new Peer({ channel: mine, side: "extension", version: "0", serves: {}, handlers: {}, calls: hostMethods });
  }

  #logged<Methods extends object>(handlers: Methods, prefix = ""): Methods {
    return new Proxy(handlers, {
      get: (target, name, receiver) => {
        const handler: unknown = Reflect.get(target, name, receiver);
        if (typeof handler !== "function") return handler;
        return async (params: unknown): Promise<unknown> => {
          this.log.push(`${prefix}${String(name)}`);
          await this.before.get(`${prefix}${String(name)}`)?.();
          const answer: unknown = await Reflect.apply(handler, target, [params]);
          await this.after.get(`${prefix}${String(name)}`)?.();
          return answer;
        };
      },
    });
  }
}

export async function originWorld(): Promise<OriginWorld> {
  const store = await storeIn(storeHome());
  const { id } = store.addProject({ name: "Acme" });
  store.meetInstance("one", "Firefox");
  const world = new OriginWorld(store, id);
  await world.local.ready;
  world.local.update((state) => ({ ...state, instance: "one" }));
  return world;
}

function textOf(entry: Entry): string {
  return entry.kind === "local" || entry.kind === "session" ? entry.value : entry.kind;
}

function nameOf(key: string): string {
  const parts: unknown = JSON.parse(key);
  return Array.isArray(parts) ? parts.slice(2).join("/") : key;
}

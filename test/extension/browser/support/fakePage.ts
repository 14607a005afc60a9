import type { contentMethods, SeenChange, StorageReport } from "../../../../shared/protocol/contentStorage.ts";
import { entryDigest } from "../../../../shared/state/entryDigest.ts";
import { entryId } from "../../../../shared/state/entryId.ts";
import { entryKey } from "../../../../shared/state/entryKey.ts";
import type { PageEntry, PageEntryId } from "../../../../shared/state/pageEntry.ts";
import type { Handlers } from "../../../../shared/wire/table.ts";

/** What a container holds of one origin: what every document shares, and each tab's sessionStorage. */
export class FakeContainer {
  readonly shared = new Map<string, PageEntry>();
  readonly sessions = new Map<number, Map<string, PageEntry>>();
  /** Keys that cannot be written. */
  readonly refused = new Set<string>();

  /** Without a document; of sessionStorage in that tab. */
  put(entry: PageEntry, tab?: number): void {
    (tab === undefined ? this.shared : this.session(tab)).set(entryKey(entry), entry);
  }

  session(tab: number): Map<string, PageEntry> {
    const known = this.sessions.get(tab) ?? new Map<string, PageEntry>();
    this.sessions.set(tab, known);
    return known;
  }
}

/** A document of that origin, and the content script in it: it looks when a test says so. */
export class FakePage {
  readonly #container: FakeContainer;
  readonly #tab: number;
  #last: Map<string, PageEntry> | undefined;

  constructor(container: FakeContainer, tab: number) {
    this.#container = container;
    this.#tab = tab;
  }

  set(entry: PageEntry): void {
    this.#placeOf(entry).set(entryKey(entry), entry);
  }

  remove(id: PageEntryId): void {
    this.#placeOf(id).delete(entryKey(id));
  }

  report(): StorageReport {
    this.#last = this.#all();
    const held = [...this.#last.values()].map((entry) => ({ id: entryId(entry), digest: entryDigest(entry) }));
    return { held, areas: ["local", "session", "indexedDB"], skipped: [], gaps: [] };
  }

  /** What changed since the last look. */
  look(at: number): SeenChange[] {
    const changes = this.#changes(at);
    this.#last = this.#all();
    return changes;
  }

  readonly handlers: Handlers<typeof contentMethods> = {
    report: () => this.report(),
    values: ({ ids }) => ({ entries: ids.flatMap((id) => this.#all().get(entryKey(id)) ?? []) }),
    reload: () => ({}),
    apply: ({ set, remove }) => {
      const busy = new Set(this.#changes(0).map((change) => entryKey(change.kind === "set" ? change.entry : change.id)));
      const failed: { id: PageEntryId; reason: string }[] = [];
      let changed = 0;
      const write = (id: PageEntryId, entry: PageEntry | undefined): void => {
        const key = entryKey(id);
        if (busy.has(key)) return;
        if (this.#container.refused.has(key)) {
          failed.push({ id: entryId(id), reason: "localStorage is full" });
          return;
        }
        changed += 1;
        if (entry) this.set(entry);
        else this.remove(id);
        if (entry) this.#last?.set(key, entry);
        else this.#last?.delete(key);
      };
      for (const id of remove) write(id, undefined);
      for (const entry of set) write(entry, entry);
      return { changed, failed };
    },
  };

  #changes(at: number): SeenChange[] {
    const before = this.#last;
    if (!before) return [];
    const after = this.#all();
    const set = [...after].filter(([key, entry]) => !before.has(key) || entryDigest(entry) !== digestOf(before.get(key)));
    const removed = [...before].filter(([key]) => !after.has(key));
    return [
      ...set.map(([, entry]) => ({ kind: "set" as const, entry, digest: entryDigest(entry), at })),
      ...removed.map(([, entry]) => ({ kind: "remove" as const, id: entryId(entry), at })),
    ];
  }

  #all(): Map<string, PageEntry> {
    return new Map([...this.#container.shared, ...this.#container.session(this.#tab)]);
  }

  #placeOf({ kind }: PageEntryId): Map<string, PageEntry> {
    return kind === "session" ? this.#container.session(this.#tab) : this.#container.shared;
  }
}

function digestOf(entry: PageEntry | undefined): string {
  return entry ? entryDigest(entry) : "";
}

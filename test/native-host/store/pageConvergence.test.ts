import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OriginPlace } from "../../../native-host/store/origins.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { PageMark } from "../../../shared/protocol/pageStorage.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { entryDigest } from "../../../shared/state/entryDigest.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { type PageChange, PageEntry, PageEntryId } from "../../../shared/state/pageEntry.ts";
import { database, local, origin, record, session } from "../../support/entries.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const elsewhere = "https://other.example.com";
const areas: ("local" | "session" | "indexedDB")[] = ["local", "session", "indexedDB"];
const idOf = (entry: Entry): PageEntryId => PageEntryId.parse(entryId(entry));

/** An origin of a container as the extension keeps it: what a page does here is sent now, later, or only compared. */
class FakeOrigin {
  readonly place: OriginPlace;
  readonly entries = new Map<string, PageEntry>();
  #gathered: PageChange[] = [];
  #marks = new Map<string, PageMark>();
  #mustCompare = true;
  readonly #store: Store;

  constructor(store: Store, place: OriginPlace) {
    this.#store = store;
    this.place = place;
  }

  /** A page's change; seen by the extension or, while no host is there, marked alone. */
  change(wanted: Entry, isSet: boolean, { at, away }: { at: number; away: boolean }): void {
    const entry = PageEntry.parse({ ...wanted, origin: this.place.origin });
    if (entry.kind === "record" && !this.#hasHome(entry)) return;
    if (!isSet && !this.entries.has(entryKey(entry))) return;
    for (const change of this.#withRecords(entry, isSet, at)) {
      const id = change.kind === "set" ? idOf(change.entry) : change.id;
      if (change.kind === "set") this.entries.set(entryKey(id), change.entry);
      else this.entries.delete(entryKey(id));
      if (away) this.#marks.set(entryKey(id), { id, at, removed: change.kind === "remove" });
      else this.#gathered.push(change);
    }
    if (away) this.#mustCompare = true;
  }

  /** Cleared on exit, or made again: nobody saw a removal. */
  lose(): void {
    this.entries.clear();
    this.#gathered = [];
    this.#marks.clear();
    this.#mustCompare = true;
    this.#store.resetOrigins(this.place);
  }

  /** Whether there was anything to send. */
  send(): boolean {
    const changes = this.#gathered.splice(0);
    if (changes.length > 0) this.#store.changeOrigin({ ...this.place, changes });
    return changes.length > 0;
  }

  /** One exchange with the store; whether there was anything to exchange. */
  pump(now: number): boolean {
    const hasSent = this.send();
    if (this.#mustCompare) return this.#compare(now);
    if (!this.#store.pendingOrigins(this.place.instance).some((one) => one.project === this.place.project && one.origin === this.place.origin)) return hasSent;
    const { revision, set, remove } = this.#store.originUpdate(this.place);
    this.#take(set, remove, new Set());
    this.#store.setOriginSynced({ ...this.place, revision });
    return true;
  }

  #compare(now: number): boolean {
    const held = [...this.entries.values()].map((entry) => ({ id: idOf(entry), digest: entryDigest(entry) }));
    const marks = [...this.#marks.values()];
    const { revision, set, remove, want } = this.#store.compareOrigin({ ...this.place, held, marks, areas, skipped: [], stale: false });
    const changes = want.flatMap((id): PageChange[] => {
      const entry = this.entries.get(entryKey(id));
      return entry ? [{ kind: "set", entry, at: this.#marks.get(entryKey(id))?.at ?? now }] : [];
    });
    if (changes.length > 0) this.#store.changeOrigin({ ...this.place, changes });
    this.#marks.clear();
    this.#mustCompare = false;
    this.#take(set, remove, new Set(want.map(entryKey)));
    this.#store.setOriginSynced({ ...this.place, revision });
    return true;
  }

  /** As a browser would: a database that is gone or of another shape takes its records along. */
  #take(set: readonly PageEntry[], remove: readonly PageEntryId[], kept: ReadonlySet<string>): void {
    for (const id of remove) for (const change of this.#withRecords(id, false, 0)) this.entries.delete(entryKey(change.kind === "set" ? change.entry : change.id));
    for (const entry of set) {
      if (entry.kind === "database") {
        const isOther = JSON.stringify(this.entries.get(entryKey(entry))) !== JSON.stringify(entry);
        const stores = entry.shape.stores.map(({ name }) => name);
        for (const [key, one] of this.entries) {
          if (!isOther || one.kind !== "record" || one.database !== entry.database) continue;
          if (!kept.has(key) || !stores.includes(one.store)) this.entries.delete(key);
        }
      }
      if (entry.kind === "record" && !this.#hasHome(entry)) throw new Error("A record came without its database.");
      this.entries.set(entryKey(entry), entry);
    }
  }

  #withRecords(of: Entry | PageEntryId, isSet: boolean, at: number): PageChange[] {
    const id = PageEntryId.parse(entryId(of));
    const own: PageChange = isSet ? { kind: "set", entry: PageEntry.parse(of), at } : { kind: "remove", id, at };
    if (id.kind !== "database") return [own];
    const stores = own.kind === "set" && own.entry.kind === "database" ? own.entry.shape.stores.map(({ name }) => name) : [];
    const gone = [...this.entries.values()].filter((one) => one.kind === "record" && one.database === id.database && !stores.includes(one.store));
    return [own, ...gone.map((one): PageChange => ({ kind: "remove", id: idOf(one), at }))];
  }

  #hasHome(one: Extract<PageEntry, { kind: "record" }>): boolean {
    const home = this.entries.get(entryKey({ kind: "database", origin: one.origin, database: one.database }));
    return home?.kind === "database" && home.shape.stores.some(({ name }) => name === one.store);
  }
}

const anyItem: fc.Arbitrary<Entry> = fc.oneof(
  fc.tuple(fc.constantFrom(local, session), fc.constantFrom("a", "b"), fc.constantFrom("1", "2", "3")).map(([make, key, value]) => make(key, value)),
  fc.constantFrom(["one"], ["one", "two"], ["two"]).map((stores) => database("db", stores)),
  fc.tuple(fc.constantFrom("one", "two"), fc.constantFrom(1, 2), fc.constantFrom("1", "2")).map(([store, key, value]) => record("db", store, key, value)),
);

type Step =
  | { kind: "page"; at: number; item: Entry; isSet: boolean; away: boolean; late: number }
  | { kind: "send" | "pump" | "lose"; at: number }
  | { kind: "command"; items: Entry[]; isSet: boolean; project: number }
  | { kind: "checkout" }
  | { kind: "checkin"; item: Entry };

/** `at`: which of the origins. `late`: how long ago the page's change was when it is sent. */
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("page"), at: fc.nat(5), item: anyItem, isSet: fc.boolean(), away: fc.nat(7).map((dice) => dice === 0), late: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("send", "pump"), at: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lose"), at: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("command"), items: fc.array(anyItem, { minLength: 1, maxLength: 3 }), isSet: fc.boolean(), project: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "checkout" }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("checkin"), item: anyItem }) },
);

describe("several Firefox profiles, a command and the holder of a lease", () => {
  it("end with the same in every container as in the store, in whatever order they come", async () => {
    let now = 1000;
    const store = await storeIn({ ...storeHome(), now: () => now });
    for (const instance of ["one", "two"]) store.meetInstance(instance, "Firefox");
    let round = 0;

    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 40, size: "max" }), (steps) => {
        round++;
        const projects = ["acme", "globex"].map((name) => store.addProject({ name: `${name}-${round}` }).id);
        const [acme = "", globex = ""] = projects;
        const origins = ["one", "two"].flatMap((instance) =>
          [[acme, origin], [acme, elsewhere], [globex, origin]].map(([project = "", at = ""]) => new FakeOrigin(store, { instance, project, origin: at })),
        );
        let lease: { token: string; entries: Entry[] } | undefined;
        for (const one of origins) one.pump(now);
        for (const step of steps) {
          now += 10;
          take(step);
        }
        settle();

        for (const one of origins) {
          const { project, origin: at } = one.place;
          const stored = store.unaudited.entries(project, { origin: at }).flatMap(({ entry }) => entry ?? []);
          expect(contents(one.entries.values()), JSON.stringify(one.place)).toEqual(contents(stored));
        }
        expect(store.pendingOrigins("one").filter(({ project }) => projects.includes(project))).toEqual([]);
        // Nobody put anything there but commands of its own.
        if (!steps.some((step) => (step.kind === "command" && step.project === 1) || (step.kind === "page" && step.at % 3 === 2))) {
          expect(store.unaudited.entries(globex, { tombstones: true })).toEqual([]);
        }
        for (const project of projects) store.removeProject(project, { by: "cli" });
        return Promise.resolve();

        function take(step: Step): void {
          switch (step.kind) {
            case "page":
              origins[step.at]?.change(step.item, step.isSet, { at: now - step.late, away: step.away });
              break;
            case "send":
              origins[step.at]?.send();
              break;
            case "pump":
              origins[step.at]?.pump(now);
              break;
            case "lose":
              origins[step.at]?.lose();
              break;
            case "command":
              write(projects[step.project] ?? "", step.items, step.isSet);
              break;
            case "checkout":
              if (!lease) lease = store.checkout(acme, { holder: "agent", ttlMs: 30_000 });
              break;
            case "checkin":
              if (!lease) break;
              checkin(lease, step.item);
              lease = undefined;
          }
        }

        function settle(): void {
          for (let rounds = 0; ; rounds++) {
            now += 10;
            if (rounds > 20) throw new Error("They never come to rest.");
            if (!origins.map((one) => one.pump(now)).includes(true)) return;
          }
        }

        function write(project: string, items: readonly Entry[], isSet: boolean): void {
          const there = store.unaudited.entries(project).flatMap(({ entry }) => entry ?? []);
          const homes = [...there, ...items].flatMap((one) => (one.kind === "database" ? one.shape.stores.map(({ name }) => name) : []));
          const fit = items.filter((one) => !isSet || one.kind !== "record" || homes.includes(one.store));
          const last = fit.findLast((one) => one.kind === "database") ?? there.find((one) => one.kind === "database");
          const changes = fit
            .filter((one) => !isSet || one.kind !== "record" || (last?.kind === "database" && last.shape.stores.some(({ name }) => name === one.store)))
            .map((entry): PageChange => (isSet ? { kind: "set", entry: PageEntry.parse(entry), at: now } : { kind: "remove", id: idOf(entry), at: now }));
          store.writeEntries(project, changes, { by: "cli" });
        }

        function checkin({ token, entries }: { token: string; entries: Entry[] }, item: Entry): void {
          const theirs = [...entries.filter((one) => entryKey(one) !== entryKey(item)), item];
          try {
            store.checkin(acme, { kind: "whole", entries: theirs, covers: () => true, at: now }, { token });
          } catch (error) {
            if (!(error instanceof SteadError) || error.code !== "conflict") throw error;
          }
        }
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});

function contents(entries: Iterable<Entry>): Map<string, string> {
  return new Map([...entries].map((entry): [string, string] => [entryKey(entry), entryDigest(PageEntry.parse(entry))]).sort());
}

import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import type { ProjectId } from "../../shared/models.ts";
import type { Registry, RulesChange } from "../../shared/protocol/store.ts";
import { decide } from "../../shared/rules/decide.ts";
import type { Rule, RuleDraft, RuleId } from "../../shared/rules/rule.ts";
import { buildRules, type RuleIndex } from "../../shared/rules/ruleIndex.ts";
import { checkSettings, forgetProjects, patchSettings } from "../../shared/settingsPatch.ts";
import { defaultSettings, type Settings, type SettingsPatch } from "../../shared/settings.ts";
import { RuleBookHead, RuleShelf, settleDrafts, shelfKeys, shelfOf, withUnsent } from "../core/ruleBook.ts";
import type { HostConnection } from "./hostConnection.ts";
import { webext } from "./webext.ts";

const headKey = "ruleBook";

type Told = Pick<RulesChange, "all" | "set" | "removed">;

/**
 * The rules and settings in memory, where a navigation looks them up, and in storage.local behind it. They work and change
 * without a host; what the store has not been told goes to it at the next connection.
 */
export class LocalRules {
  readonly ready: Promise<void>;
  index: RuleIndex = buildRules([]);
  readonly #host: Pick<HostConnection, "live" | "call">;
  readonly #listeners: ((change: Told) => void)[] = [];
  #head: RuleBookHead = newHead();
  #inherited: RuleIndex = buildRules([]);
  readonly #shelves = new Map<string, Map<RuleId, Rule>>(shelfKeys.map((key) => [key, new Map<RuleId, Rule>()]));
  #writing: Promise<void> = Promise.resolve();
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: Pick<HostConnection, "live" | "call">) {
    this.#host = host;
    this.ready = this.#load();
  }

  get settings(): Settings {
    return this.#head.settings;
  }

  /** How many changes the store has not been told. */
  get unsent(): number {
    const { unsent, unsentSettings } = this.#head;
    return unsent.put.length + unsent.removed.length + unsentSettings.length;
  }

  /** The store the rules are of, empty before the first, and up to which of its revisions they are known. */
  get at(): Pick<RulesChange, "store" | "revision"> {
    return { store: this.#head.store ?? "", revision: this.#head.revision };
  }

  /** Every rule, as a change that starts from nothing. */
  get all(): RulesChange {
    return { ...this.at, all: true, set: [...this.index.rules.values()], removed: [] };
  }

  /** Called after every change of rules or settings, with the rules that changed. */
  onChange(listener: (change: Told) => void): void {
    this.#listeners.push(listener);
  }

  /** Whether the address is of a site that stays in the project that called it. */
  inherits(url: string): boolean {
    return decide(this.#inherited, url).kind !== "none";
  }

  /** All of it or nothing. Throws `badPattern`, `unknownProject`. */
  change({ put, remove }: { put: readonly RuleDraft[]; remove: readonly RuleId[] }): Promise<{ put: Rule[]; removed: number }> {
    return this.#inTurn(async () => {
      await this.ready;
      if (!this.#host.live) return this.#changeHere(put, remove);
      const answer = await this.#host.call("rules.change", { put: [...put], remove: [...remove] });
      await this.#pull();
      return { put: answer.put, removed: answer.removed };
    });
  }

  /** Throws `badPattern`, `unknownProject`. */
  setSettings(patch: SettingsPatch): Promise<Settings> {
    return this.#inTurn(async () => {
      await this.ready;
      const checked = checkSettings(patch);
      if (this.#host.live) this.#takeSettings((await this.#host.call("settings.set", checked)).settings);
      else {
        const unsentSettings = [...new Set([...this.#head.unsentSettings, ...Object.keys(checked)])];
        this.#setHead({ ...this.#head, settings: patchSettings(this.settings, checked), unsentSettings });
        this.#tell(nothing);
      }
      return this.settings;
    });
  }

  /** The store's word at a connection and whenever it changed: tells what it does not know, then asks what changed there. */
  take(registry: Registry): Promise<void> {
    return this.#inTurn(async () => {
      await this.ready;
      for (const project of registry.removed) this.#forget(project);
      const { rules, settings } = registry;
      if (!rules || !settings) return; // A host of the version before rules.
      // Another store, or a lost one begun anew: what is here is not there.
      if (this.#head.store !== null && this.#head.store !== rules.store) {
        this.#setHead(withUnsent({ ...this.#head, store: rules.store, revision: 0 }, [...this.index.rules.keys()], []));
      }
      const told = await this.#tellStore();
      if (!told) this.#takeSettings(settings);
      if (this.#head.store !== rules.store || this.#head.revision !== rules.revision) await this.#pull();
    });
  }

  /** A project made here turned out to be one the store has by the same name. */
  renameProject(from: ProjectId, to: ProjectId): void {
    const set = [...this.index.rules.values()].filter((rule) => rule.project === from).map((rule) => ({ ...rule, project: to }));
    if (set.length > 0) this.#apply({ all: false, set, removed: [] });
    const { external, strict, answers } = this.settings;
    this.#setHead({
      ...this.#head,
      settings: {
        ...this.settings,
        external: external.kind === "project" && external.project === from ? { kind: "project", project: to } : external,
        strict: strict.map((id) => (id === from ? to : id)),
        answers: Object.fromEntries(Object.entries(answers).map(([pattern, id]) => [pattern, id === from ? to : id])),
      },
    });
  }

  /** The project is gone, and its rules with it. */
  #forget(project: ProjectId): void {
    const removed = [...this.index.rules.values()].flatMap((rule) => (rule.project === project ? rule.id : []));
    if (removed.length > 0) this.#apply({ all: false, set: [], removed });
    const gone = new Set(removed);
    const { unsent, settings } = this.#head;
    this.#setHead({
      ...this.#head,
      settings: forgetProjects(settings, (id) => id !== project),
      unsent: { put: unsent.put.filter((id) => !gone.has(id)), removed: unsent.removed.filter((id) => !gone.has(id)) },
    });
  }

  #changeHere(put: readonly RuleDraft[], remove: readonly RuleId[]): { put: Rule[]; removed: number } {
    const there = remove.filter((id) => this.index.rules.has(id));
    const settled = settleDrafts(this.index.rules, put, () => crypto.randomUUID());
    const removed = [...new Set([...there, ...settled.removed])];
    this.#apply({ all: false, set: settled.put, removed }, withUnsent(this.#head, settled.put.map((rule) => rule.id), removed));
    return { put: settled.put, removed: there.length };
  }

  /** Whether the settings were told: then the store's older ones are not taken. */
  async #tellStore(): Promise<boolean> {
    const { unsent, unsentSettings, settings } = this.#head;
    const put = unsent.put.flatMap((id) => this.index.rules.get(id) ?? []);
    if (put.length > 0 || unsent.removed.length > 0) {
      await this.#tellRules(put, unsent.removed);
      this.#setHead({ ...this.#head, unsent: { put: [], removed: [] } });
      await this.#pull();
    }
    if (unsentSettings.length === 0) return false;
    const patch = Object.fromEntries(Object.entries(settings).filter(([field]) => unsentSettings.includes(field)));
    const answer = await this.#host.call("settings.set", patch);
    this.#setHead({ ...this.#head, unsentSettings: [] });
    this.#takeSettings(answer.settings);
    return true;
  }

  /** Rules one by one when the store refuses them together: one of a project that was removed meanwhile must not hold the others back. */
  async #tellRules(put: Rule[], remove: RuleId[]): Promise<void> {
    try {
      await this.#host.call("rules.change", { put, remove });
    } catch (error) {
      if (!(error instanceof SteadError && (error.code === "unknownProject" || error.code === "badPattern"))) throw error;
      await this.#host.call("rules.change", { put: [], remove });
      for (const rule of put) {
        await this.#host.call("rules.change", { put: [rule], remove: [] }).catch((refused: unknown) => {
          if (!(refused instanceof SteadError && (refused.code === "unknownProject" || refused.code === "badPattern"))) throw refused;
          this.#apply({ all: false, set: [], removed: [rule.id] });
        });
      }
    }
  }

  async #pull(): Promise<void> {
    const change = await this.#host.call("rules.since", { store: this.#head.store, since: this.#head.revision });
    this.#apply(change, { ...this.#head, store: change.store, revision: change.revision });
  }

  /** With the head that goes with it, in one write: a crash must not leave the revision without its rules, which nobody would send again. */
  #apply(change: Told, head = this.#head): void {
    const touched = new Set<string>();
    if (change.all) {
      this.#fill(change.set);
      for (const key of shelfKeys) touched.add(key);
    } else {
      for (const id of change.removed) {
        if (!this.index.remove(id)) continue;
        this.#shelves.get(shelfOf(id))?.delete(id);
        touched.add(shelfOf(id));
      }
      for (const rule of change.set) {
        this.index.add(rule);
        this.#shelves.get(shelfOf(rule.id))?.set(rule.id, rule);
        touched.add(shelfOf(rule.id));
      }
    }
    const isNew = head !== this.#head;
    this.#head = head;
    if (touched.size === 0 && !isNew) return;
    const shelves = [...touched].map((key) => [key, [...(this.#shelves.get(key)?.values() ?? [])]] as const);
    this.#write({ ...Object.fromEntries(shelves), ...(isNew && { [headKey]: head }) });
    if (touched.size > 0) this.#tell(change);
  }

  #fill(rules: readonly Rule[]): void {
    this.index = buildRules(rules);
    for (const shelf of this.#shelves.values()) shelf.clear();
    for (const rule of rules) this.#shelves.get(shelfOf(rule.id))?.set(rule.id, rule);
  }

  #takeSettings(settings: Settings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    this.#setHead({ ...this.#head, settings });
    this.#tell(nothing);
  }

  #setHead(head: RuleBookHead): void {
    if (head.settings !== this.#head.settings) this.#inherited = indexOfSites(head.settings.inherit);
    this.#head = head;
    this.#write({ [headKey]: head });
  }

  #tell(change: Told): void {
    for (const listener of this.#listeners) listener(change);
  }

  async #load(): Promise<void> {
    const raw = await webext.storage.local.get([headKey, ...shelfKeys]);
    const stored = z.object({ [headKey]: z.optional(RuleBookHead) }).safeParse(raw);
    // Without a readable head the rules are told to the store again; it knows its own.
    this.#head = (stored.success ? stored.data[headKey] : undefined) ?? newHead();
    this.#inherited = indexOfSites(this.settings.inherit);
    this.#fill(
      shelfKeys.flatMap((key) => {
        const shelf = RuleShelf.safeParse(raw[key] ?? []);
        return shelf.success ? shelf.data : [];
      }),
    );
  }

  #write(values: Record<string, unknown>): void {
    this.#writing = this.#writing
      .then(() => webext.storage.local.set(values))
      .catch((error: unknown) => {
        console.error("Stead could not write its rules", error);
      });
  }

  /** One change after the other: each is decided on what the one before left. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

const nothing: Told = { all: false, set: [], removed: [] };

function newHead(): RuleBookHead {
  return { store: null, revision: 0, settings: defaultSettings, unsentSettings: [], unsent: { put: [], removed: [] } };
}

/** The rules' own index serves the sites that inherit: what the project would be means nothing here. */
function indexOfSites(patterns: readonly string[]): RuleIndex {
  return buildRules(patterns.map((pattern, index) => ({ id: String(index), project: "", pattern, ask: false })));
}

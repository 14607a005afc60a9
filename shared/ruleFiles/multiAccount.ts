import { readSite } from "./multiAccountSite.ts";
import { RulesBasket } from "./rulesBasket.ts";
import { containerOf, isRecord, type ProfileContainer, type StorageArea, type StorageOptions, textOf, userContextIdOf } from "./storageArea.ts";
import type { Container, ReadRules } from "./types.ts";

const sitePrefix = "siteContainerMap@@_";
const statePrefix = "identitiesState@@_";
/** In its sync storage only: a container by an id that is the same on every machine. */
const identityPrefix = "identity@@_";

export function isMultiAccount(storage: StorageArea): boolean {
  return Object.keys(storage).some((key) => [sitePrefix, statePrefix, identityPrefix].some((prefix) => key.startsWith(prefix)));
}

/** What Multi-Account Containers keeps in storage.local or storage.sync. */
export function readMultiAccount(storage: StorageArea, { containers = [], lineOf }: StorageOptions): ReadRules {
  const basket = new RulesBasket();
  const names = new Names(storage, containers);
  for (const [key, value] of Object.entries(storage)) {
    if (key.startsWith(sitePrefix)) addSite(basket, names, { key, value, line: lineOf(key) });
    if (key.startsWith(statePrefix)) addState(basket, names, { key, value, line: lineOf(key) });
  }
  if (hasProxies(storage["proxifiedContainersKey"])) basket.note("proxies of containers: Stead has none");
  return basket.finish();
}

interface Entry {
  key: string;
  value: unknown;
  line: number | null;
}

function addSite(basket: RulesBasket, names: Names, { key, value, line }: Entry): void {
  const text = key.slice(sitePrefix.length);
  const id = isRecord(value) ? numberOf(value["userContextId"]) : undefined;
  if (!isRecord(value) || id === undefined || id === 0) {
    basket.skip(line, `${text}: it names no container`);
    return;
  }
  const site = readSite(text);
  if (site.kind === "refused") basket.skip(line, `${text}: expected a host and perhaps a port`);
  else if (site.kind === "ambiguous") {
    const [first = "", ...others] = site.readings;
    basket.skip(line, `${text}: Multi-Account Containers writes ${first} and ${others.join(" and ")} alike; add the right one`);
  } else {
    const container = names.find(id, value["identityMacAddonUUID"]);
    if (container.known) basket.addContainer(container);
    else basket.note(`sites of a container whose name the file does not have: it was named ${container.name}`);
    if (value["neverAsk"] !== true) basket.note("sites that Multi-Account Containers would still ask about: they open without a question");
    basket.add(line, { project: container.name, pattern: site.pattern, ask: false }, text);
  }
}

function addState(basket: RulesBasket, names: Names, { key, value, line }: Entry): void {
  if (!isRecord(value)) return;
  const id = userContextIdOf(key.slice(statePrefix.length));
  if (id === undefined || id === 0) return;
  const container = names.find(id, value["macAddonUUID"]);
  const hidden = value["hiddenTabs"];
  if (Array.isArray(hidden) && hidden.length > 0) basket.note("hidden tabs, which Multi-Account Containers has closed: show them there first", hidden.length);
  if (value["isIsolated"] === undefined || value["isIsolated"] === false) return;
  if (container.known) basket.addContainer(container);
  basket.addStrict(line, container.name);
}

/** Which container is meant. Its number is of one profile, its id in sync of all. */
class Names {
  readonly #byId = new Map<number, Container>();
  readonly #byUuid = new Map<string, Container>();

  constructor(storage: StorageArea, containers: readonly ProfileContainer[]) {
    for (const [key, value] of Object.entries(storage)) {
      const name = key.startsWith(identityPrefix) && isRecord(value) ? textOf(value["name"]) : undefined;
      if (name === undefined || !isRecord(value)) continue;
      const container = containerOf(name, value["color"], value["icon"]);
      this.#byUuid.set(key.slice(identityPrefix.length), container);
      const id = userContextIdOf(value["cookieStoreId"]);
      if (id !== undefined) this.#byId.set(id, container);
    }
    for (const container of containers) this.#byId.set(container.userContextId, container);
  }

  find(id: number, uuid: unknown): Container & { known: boolean } {
    const container = (typeof uuid === "string" ? this.#byUuid.get(uuid) : undefined) ?? this.#byId.get(id);
    return container ? { ...container, known: true } : { name: `Container ${id}`, known: false };
  }
}

/** It keeps the number as text. */
function numberOf(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function hasProxies(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

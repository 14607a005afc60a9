import { convertContainerise } from "./containerisePattern.ts";
import { linesOf } from "./lines.ts";
import { RulesBasket } from "./rulesBasket.ts";
import { isRecord, type StorageArea, type StorageOptions, textOf, userContextIdOf } from "./storageArea.ts";
import type { ReadRules } from "./types.ts";

/** In the key of every rule in Containerise's storage.local. */
const mapPrefix = "map=";

/** Its name for what is in no container. */
const noContainer = "no container";

/** The lines of Containerise's CSV editor: `PATTERN, CONTAINER`. */
export function readContainerise(text: string): ReadRules {
  const basket = new RulesBasket();
  for (const line of linesOf(text)) {
    const comma = line.text.lastIndexOf(",");
    const [pattern, name] = [line.text.slice(0, Math.max(comma, 0)).trim(), line.text.slice(comma + 1).trim()];
    if (pattern === "" || name === "") basket.skip(line.number, "expected a pattern, a comma and a container's name");
    else addMap(basket, { line: line.number, pattern, name });
  }
  return basket.finish();
}

export function isContainerise(storage: StorageArea): boolean {
  return Object.keys(storage).some((key) => key.startsWith(mapPrefix));
}

/** What Containerise keeps in storage.local. */
export function readContaineriseStorage(storage: StorageArea, { containers = [], lineOf }: StorageOptions): ReadRules {
  const basket = new RulesBasket();
  const hostOnly = isRecord(storage["pref=matchDomainOnly"]) && storage["pref=matchDomainOnly"]["value"] === true;
  for (const [key, map] of Object.entries(storage)) {
    if (!key.startsWith(mapPrefix)) continue;
    const line = lineOf(key);
    const pattern = (isRecord(map) ? textOf(map["host"]) : undefined) ?? key.slice(mapPrefix.length);
    const id = isRecord(map) ? userContextIdOf(map["cookieStoreId"]) : undefined;
    const container = containers.find(({ userContextId }) => userContextId === id);
    const written = isRecord(map) ? textOf(map["containerName"]) : undefined;
    const name = container?.name ?? (id === 0 ? noContainer : written);
    if (name === undefined) basket.skip(line, `${pattern}: its container is not to be found`);
    else {
      if (container) basket.addContainer(container);
      addMap(basket, { line, pattern, name, hostOnly });
    }
  }
  return basket.finish();
}

function addMap(basket: RulesBasket, { line, pattern, name, hostOnly }: { line: number | null; pattern: string; name: string; hostOnly?: boolean }): void {
  const subject = line === null ? pattern : undefined;
  const skip = (reason: string): void => basket.skip(line, subject === undefined ? reason : `${subject}: ${reason}`);
  if (name.toLowerCase() === noContainer) {
    skip("Stead has no rule for no container at all; an exclusion (!pattern) takes a page out of one project");
    return;
  }
  const converted = convertContainerise(pattern, { hostOnly });
  if (converted.kind === "refused") {
    skip(converted.reason);
    return;
  }
  if (converted.change !== undefined) basket.note(converted.change);
  basket.add(line, { project: name, pattern: converted.pattern, ask: false }, subject);
}

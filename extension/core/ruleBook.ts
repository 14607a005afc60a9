import * as z from "zod/mini";
import { formatPattern } from "../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../shared/rules/parsePattern.ts";
import { Rule, type RuleDraft, RuleId } from "../../shared/rules/rule.ts";
import { Settings } from "../../shared/settings.ts";

/** What the extension keeps beside the rules themselves, so that it decides while no host is there. */
export const RuleBookHead = z.object({
  /** The store the rules are of; null before the first one. */
  store: z.nullable(z.string()),
  /** Up to which revision of it they are known. */
  revision: z.number(),
  settings: Settings,
  /** Fields of the settings that the store has not been told. */
  unsentSettings: z.array(z.string()),
  /** Changed while the store could not be told. */
  unsent: z.object({ put: z.array(RuleId), removed: z.array(RuleId) }),
});
export type RuleBookHead = z.infer<typeof RuleBookHead>;

export const RuleShelf = z.array(Rule);

/** Rules are kept on so many shelves: a change writes one of them, whatever their number. */
const shelves = 64;

/** The storage key of the shelf that a rule stands on. */
export function shelfOf(id: RuleId): string {
  return shelfKey(Number.parseInt(id.slice(0, 2), 16) % shelves);
}

export const shelfKeys: readonly string[] = Array.from({ length: shelves }, (_, index) => shelfKey(index));

/**
 * What drafts become without the store, which does the same when it is told: the rule of that id, else the project's rule
 * of that pattern, else a new one; `removed` are rules whose place another one took. Throws `badPattern`.
 */
export function settleDrafts(
  rules: ReadonlyMap<RuleId, Rule>,
  drafts: readonly RuleDraft[],
  newId: () => RuleId,
): { put: Rule[]; removed: RuleId[] } {
  const now = new Map(rules);
  const places = new Map([...rules.values()].map((rule) => [placeOf(rule), rule.id]));
  const made = drafts.map(({ id: wanted, project, pattern, ask }) => {
    const draft = { project, pattern: formatPattern(parsePattern(pattern)), ask };
    const there = places.get(placeOf(draft));
    const rule: Rule = { id: wanted ?? there ?? newId(), ...draft };
    const before = now.get(rule.id);
    if (before) places.delete(placeOf(before));
    if (there !== undefined) now.delete(there);
    now.set(rule.id, rule);
    places.set(placeOf(rule), rule.id);
    return rule;
  });
  return {
    // A later draft may have changed the rule again, or taken its place.
    put: made.flatMap((rule) => now.get(rule.id) ?? now.get(places.get(placeOf(rule)) ?? "") ?? []),
    removed: [...rules.keys()].filter((id) => !now.has(id)),
  };
}

/** What is still to be told when this changed too. */
export function withUnsent(head: RuleBookHead, put: readonly RuleId[], removed: readonly RuleId[]): RuleBookHead {
  const gone = new Set(removed);
  const there = new Set(put);
  return {
    ...head,
    unsent: {
      put: [...new Set([...head.unsent.put, ...put])].filter((id) => !gone.has(id)),
      removed: [...new Set([...head.unsent.removed, ...removed])].filter((id) => !there.has(id)),
    },
  };
}

function placeOf({ project, pattern }: Pick<Rule, "project" | "pattern">): string {
  return `${project} ${pattern}`;
}

function shelfKey(index: number): string {
  return `rules:${index.toString(16).padStart(2, "0")}`;
}

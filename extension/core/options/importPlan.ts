import { type ErrorShape, SteadError, toErrorShape } from "../../../shared/errors.ts";
import type { Project, Tally } from "../../../shared/models.ts";
import { type RuleFormat, readRules, type Skipped } from "../../../shared/ruleFiles/index.ts";
import { type NewProject, planRules } from "../../../shared/ruleFiles/planRules.ts";
import { planSetup, type SettingChange } from "../../../shared/ruleFiles/planSetup.ts";
import { readSetup, setupMark } from "../../../shared/ruleFiles/setup.ts";
import type { Rule, RuleDraft, RuleId } from "../../../shared/rules/rule.ts";
import type { Settings, SettingsPatch } from "../../../shared/settings.ts";

/** What a file or a pasted text would do. */
export interface ImportPlan {
  format: RuleFormat | typeof setupMark;
  /** To be made; their ids are place-holders until the store has given them others. */
  projects: NewProject[];
  /** Rules that are to be made or to be changed. */
  put: RuleDraft[];
  /** How many rules are there already, as they are. */
  known: number;
  settings: SettingsPatch;
  changes: SettingChange[];
  skipped: Skipped[];
  notes: Tally[];
}

export interface ImportBase {
  projects: readonly Project[];
  rules: ReadonlyMap<RuleId, Rule>;
  settings: Settings;
  /** The name of the project for lines that name none. */
  project?: string | undefined;
}

/** The larger ones are no set-up of a person. */
const longestText = 20 << 20;

/** Reads any of the formats; answers the error for what is none of them. */
export function importPlan(text: string, base: ImportBase): ImportPlan | { error: ErrorShape } {
  try {
    if (text.length > longestText) throw new SteadError("tooLarge", `Expected a text of at most ${longestText >> 20} MiB, but got ${Math.ceil(text.length / (1 << 20))}.`);
    return isSetup(text) ? setupPlan(text, base) : rulesPlan(text, base);
  } catch (error) {
    if (error instanceof SteadError) return { error: toErrorShape(error) };
    throw error;
  }
}

function setupPlan(text: string, base: ImportBase): ImportPlan {
  const plan = planSetup(readSetup(text, base.projects), { projects: base.projects, settings: base.settings, makeId: placeHolders() });
  return { format: setupMark, ...plan, ...fresh(plan.put, base.rules), skipped: [], notes: [] };
}

function rulesPlan(text: string, base: ImportBase): ImportPlan {
  const read = readRules(text, { project: base.project });
  const present = { projects: base.projects, rules: [...base.rules.values()], strict: base.settings.strict };
  const { projects, put, strict } = planRules(read, present, placeHolders());
  const names = [...base.projects, ...projects];
  const changed = strict.length > 0;
  return {
    format: read.format,
    projects,
    ...fresh(put, base.rules),
    settings: changed ? { strict: [...base.settings.strict, ...strict] } : {},
    changes: changed ? [{ kind: "strict", added: strict.map((id) => names.find((one) => one.id === id)?.name ?? id), removed: [] }] : [],
    skipped: read.skipped,
    notes: read.notes,
  };
}

/** Without the rules that are there as they are. */
function fresh(put: readonly RuleDraft[], rules: ReadonlyMap<RuleId, Rule>): { put: RuleDraft[]; known: number } {
  const there = new Map([...rules.values()].map((rule) => [`${rule.project} ${rule.pattern}`, rule.ask]));
  const changed = put.filter(({ project, pattern, ask }) => there.get(`${project} ${pattern}`) !== ask);
  return { put: changed, known: put.length - changed.length };
}

function isSetup(text: string): boolean {
  if (!/^\uFEFF?\s*\{/u.test(text)) return false;
  try {
    const document: unknown = JSON.parse(text.replace(/^\uFEFF/u, ""));
    return typeof document === "object" && document !== null && "stead" in document && document.stead === setupMark;
  } catch {
    return false;
  }
}

function placeHolders(): () => string {
  let made = 0;
  return () => `new-${made++}`;
}

/** The plan with the ids that the store gave to the projects that were made. */
export function withIds({ put, settings }: Pick<ImportPlan, "put" | "settings">, ids: ReadonlyMap<string, string>): Pick<ImportPlan, "put" | "settings"> {
  const idOf = (id: string): string => ids.get(id) ?? id;
  const { external, strict, answers } = settings;
  return {
    put: put.map((draft) => ({ ...draft, project: idOf(draft.project) })),
    settings: {
      ...settings,
      ...(external?.kind === "project" && { external: { ...external, project: idOf(external.project) } }),
      ...(strict && { strict: strict.map(idOf) }),
      ...(answers && { answers: Object.fromEntries(Object.entries(answers).map(([pattern, id]) => [pattern, idOf(id)])) }),
    },
  };
}

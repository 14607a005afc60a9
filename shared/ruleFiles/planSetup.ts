import type { Project, ProjectId } from "../models.ts";
import type { RuleDraft } from "../rules/rule.ts";
import type { ExternalLinks, Settings, SettingsPatch } from "../settings.ts";
import { type NewProject, ProjectNames } from "./planRules.ts";
import type { Setup } from "./setup.ts";

/** A setting that becomes another, by names, for a report. */
export type SettingChange =
  | { kind: "external"; from: ExternalWords; to: ExternalWords }
  | { kind: "inherit" | "strict" | "answers"; added: string[]; removed: string[] };

/** As ExternalLinks, with the project's name. */
export type ExternalWords = { kind: "stay" | "ask" | "active" } | { kind: "project"; project: string };

export interface SetupPlan {
  projects: NewProject[];
  put: RuleDraft[];
  settings: SettingsPatch;
  changes: SettingChange[];
}

/**
 * What has to be done to take a set-up over. Projects that are there keep their look, and rules that are there stay; settings
 * become those of the document, as far as it speaks of them: of the projects and answers that it names, and of all else whole.
 */
export function planSetup(
  setup: Setup,
  { projects, settings, makeId }: { projects: readonly Pick<Project, "id" | "name">[]; settings: Settings; makeId: () => ProjectId },
): SetupPlan {
  const names = new ProjectNames(projects, setup.projects, makeId);
  const put = setup.projects.flatMap(({ name, rules }) => {
    const project = names.idOf(name);
    return rules.map(({ pattern, ask }): RuleDraft => ({ project, pattern, ask }));
  });

  const { external, inherit, answers } = setup.settings ?? {};
  const next: Settings = {
    external: external === undefined ? settings.external : external.kind === "project" ? { kind: "project", project: names.idOf(external.project) } : external,
    inherit: inherit === undefined ? settings.inherit : [...new Set(inherit)],
    strict: strictAfter(setup, settings.strict, names),
    answers: { ...settings.answers, ...Object.fromEntries((answers ?? []).map(({ pattern, project }) => [pattern, names.idOf(project)])) },
  };
  const nameOf = (id: ProjectId): string => [...projects, ...names.made].find((project) => project.id === id)?.name ?? id;
  const changes = changesOf(settings, next, nameOf);
  return { projects: names.made, put, settings: patchOf(next, changes), changes };
}

function strictAfter(setup: Setup, before: readonly ProjectId[], names: ProjectNames): ProjectId[] {
  const after = new Set(before);
  for (const { name, strict } of setup.projects) {
    if (strict) after.add(names.idOf(name));
    else after.delete(names.idOf(name));
  }
  return [...after];
}

function changesOf(before: Settings, after: Settings, nameOf: (id: ProjectId) => string): SettingChange[] {
  const inWords = (external: ExternalLinks): ExternalWords => (external.kind === "project" ? { kind: "project", project: nameOf(external.project) } : external);
  const answers = (settings: Settings): string[] => Object.entries(settings.answers).map(([pattern, id]) => `${pattern}: ${nameOf(id)}`);
  const [from, to] = [inWords(before.external), inWords(after.external)];
  return [
    ...(JSON.stringify(from) === JSON.stringify(to) ? [] : [{ kind: "external" as const, from, to }]),
    ...difference("inherit", before.inherit, after.inherit),
    ...difference("strict", before.strict.map(nameOf), after.strict.map(nameOf)),
    ...difference("answers", answers(before), answers(after)),
  ];
}

function difference(kind: "inherit" | "strict" | "answers", before: readonly string[], after: readonly string[]): SettingChange[] {
  const added = after.filter((one) => !before.includes(one));
  const removed = before.filter((one) => !after.includes(one));
  return added.length + removed.length === 0 ? [] : [{ kind, added, removed }];
}

/** Only what changes is told to the store. */
function patchOf(next: Settings, changes: readonly SettingChange[]): SettingsPatch {
  const changed = new Set(changes.map(({ kind }) => kind));
  return {
    ...(changed.has("external") && { external: next.external }),
    ...(changed.has("inherit") && { inherit: next.inherit }),
    ...(changed.has("strict") && { strict: next.strict }),
    ...(changed.has("answers") && { answers: next.answers }),
  };
}

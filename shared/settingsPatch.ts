import type { ProjectId } from "./models.ts";
import { badPattern } from "./rules/badPattern.ts";
import { formatPattern } from "./rules/formatPattern.ts";
import { parsePattern } from "./rules/parsePattern.ts";
import type { Settings, SettingsPatch } from "./settings.ts";

/**
 * The patch with its patterns as canonical text and nothing twice. Throws `badPattern` for what is no pattern, and in
 * `inherit` for an expression or an exclusion.
 */
export function checkSettings({ external, strict, inherit, answers }: SettingsPatch): SettingsPatch {
  return {
    ...(external && { external }),
    ...(strict && { strict: [...new Set(strict)] }),
    ...(inherit && { inherit: [...new Set(inherit.map(canonicalSite))] }),
    ...(answers && { answers: Object.fromEntries(Object.entries(answers).map(([pattern, project]) => [canonical(pattern), project])) }),
  };
}

/** The settings with what the patch says in place of theirs. */
export function patchSettings(settings: Settings, patch: SettingsPatch): Settings {
  return {
    external: patch.external ?? settings.external,
    strict: patch.strict ?? settings.strict,
    inherit: patch.inherit ?? settings.inherit,
    answers: patch.answers ?? settings.answers,
  };
}

/** Every project that is named, once. */
export function projectsInSettings({ external, strict = [], answers = {} }: SettingsPatch): ProjectId[] {
  return [...new Set([...(external?.kind === "project" ? [external.project] : []), ...strict, ...Object.values(answers)])];
}

/** Without what names a project that is no more; links from other programs then open where Firefox would open them. */
export function forgetProjects(settings: Settings, isThere: (project: ProjectId) => boolean): Settings {
  const { external, strict, answers } = settings;
  return {
    ...settings,
    external: external.kind === "project" && !isThere(external.project) ? { kind: "stay" } : external,
    strict: strict.filter(isThere),
    answers: Object.fromEntries(Object.entries(answers).filter(([, project]) => isThere(project))),
  };
}

function canonical(text: string): string {
  return formatPattern(parsePattern(text));
}

function canonicalSite(text: string): string {
  const pattern = parsePattern(text);
  if (pattern.exclude) throw badPattern("Expected a site, but got an exclusion.", "Leave out the ! at the front.");
  if (pattern.kind === "expression") throw badPattern("Expected a site, but got an expression.", "Write accounts.example.com, *.example.com or example.com/login.");
  return formatPattern(pattern);
}

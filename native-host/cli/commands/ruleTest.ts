import type { Criterion } from "../../../shared/rules/comparePatterns.ts";
import { decide, type Decision } from "../../../shared/rules/decide.ts";
import { explain, type Outcome, type Verdict } from "../../../shared/rules/explain.ts";
import type { Mismatch } from "../../../shared/rules/mismatch.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { buildRules } from "../../../shared/rules/ruleIndex.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { table } from "../table.ts";
import { readTypedUrl } from "../typedUrl.ts";

/** `stead rule test`: where the rules send an address, and what became of each rule that has to do with it. Throws `badUrl`. */
export async function testRules(context: CliContext, typed: string): Promise<Answer> {
  const url = readTypedUrl(typed);
  const store = await context.store();
  const settings = store.settings();
  const { projects } = store.registry();
  const nameOf = (id: string): string => projects.find((project) => project.id === id)?.name ?? id;

  const { decision, verdicts } = explain(buildRules(store.rules()), url);
  // By the projects' order, which means something to a person; rules of one pattern come by their ids.
  const place = (id: string): number => projects.findIndex((project) => project.id === id);
  const winners = winnersOf(decision).sort((a, b) => place(a.project) - place(b.project));
  const [winner] = winners;
  const candidates = [...new Set(winners.map((rule) => rule.project))];
  // What the user told the choice page to remember is not asked again.
  const answered = decision.kind === "ask" && winner !== undefined ? candidates.find((id) => id === settings.answers[winner.pattern]) : undefined;
  const ask = decision.kind === "ask" && answered === undefined;
  const chosen = answered ?? (candidates.length === 1 ? candidates[0] : undefined);
  const project = chosen === undefined ? null : nameOf(chosen);
  const shown = winners.find((rule) => rule.project === chosen) ?? winner;
  const others = verdicts
    .filter(({ rule }) => rule.id !== shown?.id)
    .map((verdict) => ({ project: nameOf(verdict.rule.project), pattern: verdict.rule.pattern, why: whyOf(verdict, nameOf) }));
  const inherits = decide(buildRules(settings.inherit.map((pattern, at) => ({ id: `${at}`, project: "", pattern, ask: false }))), url).kind !== "none";

  const lines = [
    headline({ project, ask, names: candidates.map(nameOf), excluded: decision.kind === "excluded", remembered: answered !== undefined }),
    ...(shown ? [reasonOf(shown.pattern, verdicts.find(({ rule }) => rule.id === shown.id)?.outcome)] : []),
    ...(inherits ? ["Sites of sign-in services stay in the project that called them, and this is one of them."] : []),
    ...(others.length > 0 ? ["", table(others.map((other) => [`  ${other.pattern}`, other.project, other.why]))] : []),
  ];
  return {
    json: { url, project, rule: shown?.pattern ?? null, ask, projects: candidates.map(nameOf), inherits, others },
    text: lines.join("\n"),
  };
}

function winnersOf(decision: Decision): Rule[] {
  return decision.kind === "project" ? [decision.rule] : decision.kind === "ask" ? [...decision.rules] : [];
}

function headline({ project, ask, names, excluded, remembered }: { project: string | null; ask: boolean; names: string[]; excluded: boolean; remembered: boolean }): string {
  if (ask) return names.length === 1 ? `Asks whether to open in ${names.join()}.` : `Asks which project to open in: ${names.join(", ")}.`;
  if (project !== null) return `Opens in ${project}${remembered ? ", as was answered once and for all" : ""}.`;
  return excluded ? "Belongs to no project: every rule for it is taken out by an exclusion." : "Belongs to no project: no rule matches.";
}

function reasonOf(pattern: string, outcome: Outcome | undefined): string {
  if (outcome?.kind !== "wins" || outcome.by === undefined) return `${pattern} is the rule.`;
  return `${pattern} is the rule: ${wins[outcome.by]}.`;
}

const wins: Record<Criterion, string> = {
  host: "its host is the most specific",
  path: "its path is the longest",
  port: "its ports are the fewest",
  scheme: "it names the scheme",
  text: "of rules as specific as each other it comes first in the alphabet",
};

function whyOf({ outcome }: Verdict, nameOf: (project: string) => string): string {
  switch (outcome.kind) {
    case "wins":
      return "matches with the same pattern, so that Stead asks";
    case "loses":
      return `matches, but ${loses[outcome.by]} ${outcome.to.pattern}`;
    case "excluded":
      return `matches, but ${nameOf(outcome.by.project)} leaves out ${outcome.by.pattern.slice(1)}`;
    case "excludes":
      return "takes the page out of its project";
    case "misses":
      return misses[outcome.at];
  }
}

const loses: Record<Criterion, string> = {
  host: "its host is less specific than that of",
  path: "its path is shorter than that of",
  port: "it has more ports than",
  scheme: "it names no scheme, unlike",
  text: "as specific as each other, it comes in the alphabet after",
};

const misses: Record<Mismatch, string> = {
  host: "does not match: another host",
  port: "does not match: another port",
  scheme: "does not match: another scheme",
  path: "does not match: another path",
  text: "does not match the whole address",
};

import { h, type VNode } from "snabbdom";
import type { ProjectId } from "../../../shared/models.ts";
import type { Criterion } from "../../../shared/rules/comparePatterns.ts";
import type { Decision } from "../../../shared/rules/decide.ts";
import type { Outcome, Verdict } from "../../../shared/rules/explain.ts";
import type { Mismatch } from "../../../shared/rules/mismatch.ts";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { tryUrl } from "../../core/options/tryUrl.ts";
import { typedIn } from "../../ui/fields.ts";
import { glyph } from "../../ui/glyphs.ts";
import { disc, named, woven } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { card, type Send } from "./parts.ts";

/** Type an address, see which rule wins and why, and which lose. */
export function tryCard(model: OptionsModel, send: Send): VNode {
  const { all, url } = model.rules;
  const explanation = all && tryUrl(all, url);
  return card("try", text("optionsTry"), [
    h("label.unseen", { attrs: { for: "try-url" } }, text("optionsTryLabel")),
    h("input.wide", {
      attrs: { id: "try-url", type: "url", autocomplete: "off", spellcheck: "false", dir: "ltr", placeholder: "https://github.com/acme/site", "aria-describedby": "try-result" },
      props: { value: url },
      on: { input: (event) => send({ to: "rules", kind: "try", url: typedIn(event) }) },
    }),
    h("div.try-result", { attrs: { id: "try-result", "aria-live": "polite" } }, url.trim() === "" ? [h("p.hint", text("optionsTryHint"))] : result(model, explanation)),
  ]);
}

function result(model: OptionsModel, explanation: ReturnType<typeof tryUrl>): VNode[] {
  if (!explanation) return [h("p.nothing", text("optionsTryNoUrl"))];
  return [
    h("p.decision", decisionWords(explanation.decision, model)),
    explanation.verdicts.length === 0
      ? h("p.hint", text("optionsTryNoRule"))
      : h("ol.verdicts", explanation.verdicts.map((verdict) => verdictItem(verdict, model))),
  ];
}

function decisionWords(decision: Decision, model: OptionsModel): (string | VNode)[] {
  switch (decision.kind) {
    case "none":
      return [text("optionsOpensNowhere")];
    case "excluded":
      return [text("optionsOpensExcluded")];
    case "project":
      return woven("optionsOpensIn", projectChip(decision.project, model));
    case "ask":
      return [...woven("optionsOpensAsking", h("span.chips", decision.projects.map((id) => projectChip(id, model))))];
  }
}

function projectChip(id: ProjectId, { state }: OptionsModel): VNode {
  const project = state?.projects.find((one) => one.id === id);
  return h("span.project-chip", [project && disc(project.name, project.color), h("bdi", project?.name ?? text("optionsUnknownProject"))]);
}

const marks: Readonly<Record<Outcome["kind"], Parameters<typeof glyph>[0]>> = { wins: "wins", loses: "down", excluded: "close", excludes: "close", misses: "close" };

function verdictItem({ rule, outcome }: Verdict, model: OptionsModel): VNode {
  return h(`li.verdict.${outcome.kind}`, { key: rule.id }, [
    glyph(marks[outcome.kind]),
    h("code", { attrs: { dir: "ltr" } }, rule.pattern),
    projectChip(rule.project, model),
    h("span.why", outcomeWords(outcome)),
  ]);
}

const winWords: Readonly<Record<Criterion, string>> = {
  host: "optionsWinsHost", path: "optionsWinsPath", port: "optionsWinsPort", scheme: "optionsWinsScheme", text: "optionsWinsText",
};
const loseWords: Readonly<Record<Criterion, string>> = {
  host: "optionsLosesHost", path: "optionsLosesPath", port: "optionsLosesPort", scheme: "optionsLosesScheme", text: "optionsLosesText",
};
const missWords: Readonly<Record<Mismatch, string>> = {
  host: "optionsMissesHost", path: "optionsMissesPath", port: "optionsMissesPort", scheme: "optionsMissesScheme", text: "optionsMissesText",
};

function outcomeWords(outcome: Outcome): (string | VNode)[] {
  switch (outcome.kind) {
    case "wins":
      return [text(outcome.by === undefined ? "optionsWinsAlone" : winWords[outcome.by])];
    case "loses":
      return named(loseWords[outcome.by], outcome.to.pattern);
    case "excluded":
      return named("optionsExcludedBy", outcome.by.pattern);
    case "excludes":
      return [text("optionsExcludes")];
    case "misses":
      return [text(missWords[outcome.at])];
  }
}

import { h, type VNode } from "snabbdom";
import type { ErrorShape } from "../../../shared/errors.ts";
import type { SettingChange } from "../../../shared/ruleFiles/planSetup.ts";
import type { ImportPlan } from "../../core/options/importPlan.ts";
import { faultWords } from "../../ui/fields.ts";
import { glyph } from "../../ui/glyphs.ts";
import { counted, text } from "../../ui/text.ts";

/** So many refused lines are shown; more would hide what to do. */
const shown = 50;

/** What a text would do, and what of it cannot be carried over: before anything is changed. `typed`: the text, for the lines it is about. */
export function planView(plan: ImportPlan | { error: ErrorShape }, typed: string): VNode[] {
  if ("error" in plan) return [h("p.fault", faultWords({ kind: "error", error: plan.error }))];
  return [h("ul.plan", [...doneItems(plan), ...plan.changes.flatMap(changeItems)]), ...skippedView(plan, typed), ...notesView(plan)];
}

function doneItems({ projects, put, known }: ImportPlan): VNode[] {
  const items = [good(counted("optionsUnderstood", put.length))];
  if (projects.length > 0) items.push(good(`${counted("optionsNewProjects", projects.length)} ${projects.map(({ name }) => name).join(", ")}`));
  if (known > 0) items.push(item("same", "check", counted("optionsKnown", known)));
  return items;
}

const changeNames: Readonly<Record<SettingChange["kind"], string>> = {
  external: "optionsChangesExternal", inherit: "optionsChangesInherit", strict: "optionsChangesStrict", answers: "optionsChangesAnswers",
};

function changeItems(change: SettingChange): VNode[] {
  const name = text(changeNames[change.kind]);
  if (change.kind === "external") return [good(name)];
  const words = [...change.added.map((one) => `+ ${one}`), ...change.removed.map((one) => `− ${one}`)].join(", ");
  return [good(`${name}: ${words}`)];
}

function skippedView({ skipped }: ImportPlan, typed: string): VNode[] {
  if (skipped.length === 0) return [];
  const lines = typed.split(/\r\n|\n|\r/);
  return [
    h("h3.refused-title", counted("optionsRefused", skipped.length)),
    h("ul.refused", skipped.slice(0, shown).map(({ line, reason }, at) =>
      h("li.fault", { key: String(at) }, [
        ...(line === null ? [] : [h("strong", text("optionsLine", line)), " ", h("code", { attrs: { dir: "ltr" } }, (lines[line - 1] ?? "").trim().slice(0, 120)), " – "]),
        h("span", { attrs: { lang: "en" } }, reason),
      ]))),
    ...(skipped.length > shown ? [h("p.hint", counted("optionsMoreRefused", skipped.length - shown))] : []),
  ];
}

function notesView({ notes }: ImportPlan): VNode[] {
  if (notes.length === 0) return [];
  return [h("h3.notes-title", text("optionsNotes")), h("ul.notes", notes.map(({ reason, count }) => h("li", { key: reason, attrs: { lang: "en" } }, `${count} × ${reason}`)))];
}

function good(words: string): VNode {
  return item("good", "add", words);
}

function item(kind: string, sign: Parameters<typeof glyph>[0], words: string): VNode {
  return h(`li.${kind}`, [glyph(sign), h("span", words)]);
}

import { h, type VNode } from "snabbdom";
import type { FirstRunEvent, FirstRunModel } from "../../core/firstRun/firstRunModel.ts";
import { chosenProject } from "../../core/firstRun/firstRunUpdate.ts";
import { adoptionQuestion } from "../../ui/adoptionQuestion.ts";
import { glyph, mark } from "../../ui/glyphs.ts";
import { button, named } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { projectStep } from "./projectStep.ts";
import { siteStep } from "./siteStep.ts";
import { terminalStep } from "./terminalStep.ts";

export type Send = (event: FirstRunEvent) => void;

/** The whole first-run page: three steps, and an end that does what they were for. */
export function firstRunView(model: FirstRunModel, send: Send): VNode {
  const project = chosenProject(model);
  return h("main.first-run", [
    h("header.welcome", [mark(), h("h1", text("firstRunTitle")), h("p.lead", text("firstRunLead"))]),
    errorView(model, send),
    h("ol.steps", [projectStep(model, project, send), siteStep(model, project, send), terminalStep(model, send)]),
    h("footer.end", [
      h("p.hint", text(project ? "firstRunEndHint" : "firstRunEndWaits")),
      button(".primary.large", project ? named("firstRunFinish", project.name) : text("firstRunFinishNone"), () => send({ kind: "finish" }), {
        id: "finish", disabled: !project, "aria-busy": String(model.switching),
      }),
    ]),
    model.adopting && project ? adoptionQuestion(project.name, (adopt) => send({ kind: "finish", adopt }), () => send({ kind: "keep" })) : undefined,
  ]);
}

/** The region is always there: a screen reader speaks what comes into it. */
function errorView({ error, state }: FirstRunModel, send: Send): VNode {
  return h("div.error-region", { attrs: { role: "alert" } }, [
    error &&
      h("div.error", [
        glyph("warning"),
        h("div.words", { attrs: { lang: "en" } }, [h("strong", error.message), h("p", error.hint)]),
        state ? undefined : button(".quiet", text("retry"), () => send({ kind: "reload" })),
      ]),
  ]);
}

import { h, type VNode } from "snabbdom";
import { modelPlan } from "../../core/options/modelPlan.ts";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { faultView, typedIn } from "../../ui/fields.ts";
import { button } from "../../ui/parts.ts";
import { counted, text } from "../../ui/text.ts";
import { card, type Send } from "./parts.ts";
import { planView } from "./planView.ts";

/** Many rules at once: what is understood of them, and what is refused, before anything is added. */
export function pastePanel(paste: string, model: OptionsModel, send: Send): VNode {
  const { rules } = model;
  const plan = paste.trim() === "" ? undefined : modelPlan(model, paste);
  const put = plan && !("error" in plan) ? plan.put.length : 0;
  return card("paste-panel", text("optionsPasteTitle"), [
    h("p.hint", { attrs: { id: "paste-hint" } }, text("optionsPasteHint")),
    h("textarea", {
      attrs: { id: "paste", rows: 8, spellcheck: "false", dir: "ltr", "aria-labelledby": "paste-panel-title", "aria-describedby": "paste-hint paste-read" },
      props: { value: paste },
      on: {
        input: (event) => send({ to: "rules", kind: "pasted", text: typedIn(event) }),
        keydown: (event) => {
          if (event.key === "Escape" && paste.trim() === "") send({ to: "rules", kind: "closePaste" });
        },
      },
    }),
    h("div.paste-read", { attrs: { id: "paste-read", "aria-live": "polite" } }, plan && planView(plan, paste)),
    faultView("paste-fault", rules.pasteFault),
    h("div.buttons", [
      button(".quiet", text("cancel"), () => send({ to: "rules", kind: "closePaste" })),
      button(".primary", put > 0 ? counted("optionsAddRules", put) : text("optionsAdd"), () => send({ to: "rules", kind: "addPasted" }), {
        disabled: put === 0, "aria-busy": String(rules.pasting),
      }),
    ]),
  ]);
}

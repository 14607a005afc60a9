import { h, type VNode } from "snabbdom";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { readPaste } from "../../core/options/readPaste.ts";
import { draftProject } from "../../core/options/rulesUpdate.ts";
import { button } from "../../ui/parts.ts";
import { counted, text } from "../../ui/text.ts";
import { card, faultView, faultWords, type Send, typedIn } from "./parts.ts";

/** So many refused lines are shown; more would hide what to do. */
const shown = 50;

/** Many rules at once: what is understood of them, and what is refused, before anything is added. */
export function pastePanel(paste: string, model: OptionsModel, send: Send): VNode {
  const { state, rules } = model;
  const read = rules.all && readPaste(paste, state?.projects ?? [], draftProject(model), rules.all);
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
    h("div.paste-read", { attrs: { id: "paste-read", "aria-live": "polite" } }, [
      h("p", paste.trim() === "" || !read ? [] : readWords(read)),
      read && read.refused.length > 0
        ? h("ul.refused", read.refused.slice(0, shown).map(({ line, text: typed, fault }) =>
            h("li.fault", { key: String(line) }, [h("strong", text("optionsLine", line)), " ", h("code", { attrs: { dir: "ltr" } }, typed), " – ", ...faultWords(fault)])))
        : undefined,
      read && read.refused.length > shown ? h("p.hint", counted("optionsMoreRefused", read.refused.length - shown)) : undefined,
    ]),
    faultView("paste-fault", rules.pasteFault),
    h("div.buttons", [
      button(".quiet", text("cancel"), () => send({ to: "rules", kind: "closePaste" })),
      button(".primary", read && read.drafts.length > 0 ? counted("optionsAddRules", read.drafts.length) : text("optionsAdd"), () => send({ to: "rules", kind: "addPasted" }), {
        disabled: !read || read.drafts.length === 0, "aria-busy": String(rules.pasting),
      }),
    ]),
  ]);
}

function readWords({ drafts, refused, known }: ReturnType<typeof readPaste>): string[] {
  const parts = [counted("optionsUnderstood", drafts.length)];
  if (known > 0) parts.push(counted("optionsKnown", known));
  if (refused.length > 0) parts.push(counted("optionsRefused", refused.length));
  return [parts.join(" · ")];
}

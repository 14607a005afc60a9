import { h, type VNode, type VNodeChildElement } from "snabbdom";
import { glyph } from "../../ui/glyphs.ts";
import { text } from "../../ui/text.ts";

/** A numbered step with a title; done, its number is a tick. */
export function step(number: number, title: string, state: "done" | "now" | "later", children: VNodeChildElement[]): VNode {
  const id = `step-${number}`;
  return h(`li.card.step.${state}`, { key: id, attrs: { "aria-labelledby": id, ...(state === "now" && { "aria-current": "step" }) } }, [
    h("div.step-head", [
      h("span.number", { attrs: { "aria-hidden": "true" } }, state === "done" ? [glyph("check")] : String(number)),
      h("h2", { attrs: { id } }, [h("span.unseen", `${text(state === "done" ? "firstRunDone" : "firstRunStep", number)} `), title]),
    ]),
    h("div.step-body", children),
  ]);
}

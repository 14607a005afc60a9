import { h, type VNode } from "snabbdom";
import { modal } from "./modal.ts";
import { button, named } from "./parts.ts";
import { text } from "./text.ts";

/** Asks whether a container of the project's name, not made by Stead, is to be used. */
export function adoptionQuestion(name: string, choose: (adopt: boolean) => void, leave: () => void): VNode {
  const choice = (label: string, hint: string, adopt: boolean) => button(".choice-button", [h("strong", text(label)), h("span", text(hint))], () => choose(adopt));
  return modal("adoption", leave, [
    h("h2", { attrs: { id: "adoption-title" } }, text("adoptTitle")),
    h("p", named("adoptText", name)),
    h("div.choice-buttons", [choice("adoptUse", "adoptUseHint", true), choice("adoptNew", "adoptNewHint", false)]),
    h("div.buttons", [button(".quiet", text("cancel"), leave)]),
  ]);
}

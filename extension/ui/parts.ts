import { h, type VNode } from "snabbdom";
import type { Color } from "../../shared/models.ts";
import { containerColors, letterOf, textOn } from "../core/toolbarIcon.ts";
import { around } from "./text.ts";

/** Colour and letter, as the toolbar button shows the project. */
export function disc(name: string, color: Color): VNode {
  return h("span.disc", { attrs: { "aria-hidden": "true" }, style: discColors(color) }, letterOf(name));
}

/** As custom properties, which only controls.css reads. */
export function discColors(color: Color): Record<string, string> {
  const ground = containerColors[color];
  return { "--disc": ground, "--on-disc": textOn(ground) };
}

/** A message about a name; the name keeps its own direction. */
export function named(message: string, name: string): (string | VNode)[] {
  const [before, after] = around(message);
  return [before, h("bdi", name), after];
}

export function button(kind: string, label: string | (string | VNode)[], click: () => void, attrs: Record<string, string | boolean> = {}): VNode {
  return h(`button.button${kind}`, { attrs: { type: "button", ...attrs }, on: { click } }, label);
}

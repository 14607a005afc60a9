import { h, type VNode } from "snabbdom";
import type { Color } from "../../shared/models.ts";
import { containerColors, letterOf, textOn } from "../core/toolbarIcon.ts";
import { glyph } from "./glyphs.ts";
import { text } from "./text.ts";

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
  return woven(message, h("bdi", name));
}

/** A message with these in the places of its placeholders. */
export function woven(message: string, ...nodes: VNode[]): (string | VNode)[] {
  const places = nodes.map((_, at) => String.fromCodePoint(firstPlace + at));
  return text(message, ...places)
    .split(/([\u{f0000}-\u{f0009}])/u)
    .map((part) => nodes[places.indexOf(part)] ?? part);
}

/** Private to Unicode's users: in no message. */
const firstPlace = 0xf0000;

export function button(kind: string, label: string | (string | VNode)[], click: () => void, attrs: Record<string, string | boolean> = {}): VNode {
  return h(`button.button${kind}`, { attrs: { type: "button", ...attrs }, on: { click } }, label);
}

/** A command to run in the terminal, with a button that copies it. */
export function command(line: string, copy: (line: string) => void, purpose?: string): VNode {
  return h("div.command", [
    h("code", { attrs: { translate: "no", dir: "ltr" } }, line),
    purpose === undefined ? undefined : h("span.purpose", purpose),
    h(
      "button.icon-button",
      {
        attrs: { type: "button", "aria-label": text("copy", line), title: text("copy", line) },
        on: { click: () => copy(line) },
      },
      [glyph("copy")],
    ),
  ]);
}

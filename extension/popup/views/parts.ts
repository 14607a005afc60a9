import { h, type VNode } from "snabbdom";
import type { Color } from "../../../shared/models.ts";
import type { PopupEvent } from "../../core/popupModel.ts";
import { containerColors, letterOf, textOn } from "../../core/toolbarIcon.ts";
import { around, text } from "../text.ts";
import { glyph } from "./glyphs.ts";

export type Send = (event: PopupEvent) => void;

/** Colour and letter, as the toolbar button shows the project. */
export function disc(name: string, color: Color): VNode {
  return h("span.disc", { attrs: { "aria-hidden": "true" }, style: discColors(color) }, letterOf(name));
}

/** As custom properties, which only popup.css reads. */
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

/** A command to run in the terminal, with a button that copies it. */
export function command(line: string, send: Send, purpose?: string): VNode {
  return h("div.command", [
    h("code", { attrs: { translate: "no", dir: "ltr" } }, line),
    purpose === undefined ? undefined : h("span.purpose", purpose),
    h(
      "button.icon-button",
      {
        attrs: { type: "button", "aria-label": text("copy", line), title: text("copy", line) },
        on: { click: () => send({ kind: "copy", text: line }) },
      },
      [glyph("copy")],
    ),
  ]);
}

/** The head of a page that is not the list. */
export function pageHead(title: (string | VNode)[], send: Send): VNode {
  return h("header.page-head", [
    h(
      "button.icon-button",
      {
        attrs: { type: "button", "aria-label": text("back"), title: text("back") },
        on: { click: () => send({ kind: "back" }) },
      },
      [glyph("back")],
    ),
    h("h1", { attrs: { id: "page-title" } }, title),
  ]);
}

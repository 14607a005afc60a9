import { h, type VNode } from "snabbdom";
import type { PopupEvent } from "../../core/popupModel.ts";
import { glyph } from "../../ui/glyphs.ts";
import { command as copyable } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";

export type Send = (event: PopupEvent) => void;

/** A command to run in the terminal, with a button that copies it. */
export function command(line: string, send: Send, purpose?: string): VNode {
  return copyable(line, (text) => send({ kind: "copy", text }), purpose);
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

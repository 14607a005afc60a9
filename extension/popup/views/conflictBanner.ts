import { h, type VNode } from "snabbdom";
import type { PopupState } from "../../../shared/protocol/popup.ts";
import type { Conflict } from "../../../shared/protocol/store.ts";
import { shellWord } from "../../core/shellWord.ts";
import { glyph } from "../../ui/glyphs.ts";
import { woven } from "../../ui/parts.ts";
import { localized, numbered, text } from "../../ui/text.ts";
import { command, type Send } from "./parts.ts";

/** That someone who checked a project in had changed what was changed here too: which items, what stands, and where the rest is. */
export function conflictBanner({ conflict, projects }: PopupState, send: Send): VNode | undefined {
  const project = conflict && projects.find(({ id }) => id === conflict.project);
  if (!project) return undefined;
  const { by, count } = conflict;
  return h("div.tab-notice.conflict", { key: "conflict", attrs: { role: "status" } }, [
    glyph("warning"),
    h("div.words", [
      h("p", woven(numbered("conflictItems", count), h("bdi", by), h("bdi", project.name), h("span", localized(count)))),
      h("p.detail", { attrs: { dir: "auto" } }, named(conflict)),
      h("p", stands(conflict)),
      command(`stead history ${shellWord(project.name)}`, send),
    ]),
    h(
      "button.icon-button",
      { attrs: { type: "button", "aria-label": text("dismiss"), title: text("dismiss") }, on: { click: () => send({ kind: "dismissConflict" }) } },
      [glyph("close")],
    ),
  ]);
}

function named({ items, count }: Conflict): string {
  const names = items.map(({ name, domain }) => text("conflictItem", name, domain));
  return [...new Set(names)].join(", ") + (count > items.length ? " …" : "");
}

function stands({ count, lost, by }: Conflict): string {
  if (lost === count) return text("conflictYours");
  return lost === 0 ? text("conflictTheirs", by) : text("conflictBoth");
}

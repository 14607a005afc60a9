import { h, type VNode } from "snabbdom";
import type { Notice, PopupState } from "../../../shared/protocol/popup.ts";
import { glyph } from "../../ui/glyphs.ts";
import { woven } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import type { Send } from "./parts.ts";

const messages: Readonly<Record<Notice["kind"], string>> = { postLeft: "noticePostLeft", popupLeft: "noticePopupLeft", notRestored: "noticeNotRestored" };

/** What happened in the tab that has no page of its own. */
export function noticeBanner({ notice, projects }: PopupState, send: Send): VNode | undefined {
  if (!notice) return undefined;
  const project = projects.find(({ id }) => id === notice.project)?.name ?? "";
  return h("div.tab-notice", { key: "tab-notice", attrs: { role: "status" } }, [
    glyph("warning"),
    h("p", woven(messages[notice.kind], h("bdi", notice.host), h("bdi", project))),
    h(
      "button.icon-button",
      { attrs: { type: "button", "aria-label": text("dismiss"), title: text("dismiss") }, on: { click: () => send({ kind: "dismissNotice" }) } },
      [glyph("close")],
    ),
  ]);
}

import { h, type VNode } from "snabbdom";
import type { CurrentPage, PopupState } from "../../../shared/protocol/popup.ts";
import { shownAddress } from "../../core/page/shownAddress.ts";
import type { PopupModel } from "../../core/popupModel.ts";
import { reopensIn } from "../../core/popupUpdate.ts";
import { glyph } from "../../ui/glyphs.ts";
import { disc } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import type { ListOptions } from "./listPage.ts";
import type { Send } from "./parts.ts";

/** The page in the tab: to whom it belongs, and what can be done with it. Nothing where no rule can name it. */
export function currentPageView(model: PopupModel, { mac }: ListOptions, send: Send): VNode | undefined {
  const { state } = model;
  const page = state?.page;
  const shown = page && shownAddress(page.url);
  if (!shown || state.projects.length === 0) return undefined;
  const other = reopensIn(model);
  return h("section.this-page", { key: "this-page", attrs: { "aria-label": text("popupPage") } }, [
    h("div.page-line", [
      ownerSign(page, state),
      h("p.page-words", [h("strong", { attrs: { dir: "ltr", translate: "no", title: `${shown.scheme}${shown.host}${shown.path}` } }, shown.host), h("span.owner", owner(page, state))]),
    ]),
    h("div.page-actions", [
      other === undefined
        ? undefined
        : action(text("popupReopen", other.name), [mac ? "⌥" : text("keyAlt"), "↵"], "Alt+Enter", () => send({ kind: "reopen" })),
      action(text("popupAlways"), ["F4"], "F4", () => send({ kind: "rule" })),
    ]),
  ]);
}

function ownerSign({ owners }: CurrentPage, { projects }: PopupState): VNode {
  const only = owners.length === 1 ? projects.find(({ id }) => id === owners[0]) : undefined;
  return only === undefined ? h("span.disc.nobody", { attrs: { "aria-hidden": "true" } }, [glyph("globe")]) : disc(only.name, only.color);
}

function owner({ owners, pattern }: CurrentPage, { projects }: PopupState): string {
  const [first] = owners;
  if (first === undefined || pattern === null) return text("popupNoRule");
  if (owners.length > 1) return text("popupOwners", pattern);
  return text("popupOwner", pattern, projects.find(({ id }) => id === first)?.name ?? "");
}

function action(label: string, keys: readonly string[], shortcut: string, click: () => void): VNode {
  return h("button.page-action", { attrs: { type: "button", title: label, "aria-keyshortcuts": shortcut }, on: { click } }, [
    h("span.label", label),
    h("span.keys", { attrs: { "aria-hidden": "true" } }, keys.map((key) => h("kbd", key))),
  ]);
}

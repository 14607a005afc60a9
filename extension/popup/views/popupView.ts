import { h, type VNode } from "snabbdom";
import type { PopupModel, Said } from "../../core/popupModel.ts";
import { counted, text } from "../../ui/text.ts";
import { glyph } from "../../ui/glyphs.ts";
import { button } from "../../ui/parts.ts";
import { editPage } from "./editPage.ts";
import { hostFooter, noticeView } from "./hostView.ts";
import { listPage, type ListOptions } from "./listPage.ts";
import type { Send } from "./parts.ts";
import { rulePage } from "./rulePage.ts";
import { adoptPage, removePage, takeBackPage } from "./questionPages.ts";

/** The whole popup. */
export function popupView(model: PopupModel, options: ListOptions, send: Send): VNode {
  const host = model.state?.host;
  return h("div.popup", { class: { busy: model.busy !== undefined } }, [
    errorView(model, send),
    pageView(model, options, send),
    model.page.kind === "list" && model.state ? noticeView(model.state, model, send) : undefined,
    hostFooter(host, send),
    h("div.unseen", { attrs: { role: "status", "aria-live": "polite" } }, model.said && saidText(model.said)),
  ]);
}

function pageView(model: PopupModel, options: ListOptions, send: Send): VNode {
  const { page } = model;
  switch (page.kind) {
    case "list":
      return listPage(model, options, send);
    case "edit":
      return editPage(page, model, options.now(), send);
    case "remove":
      return removePage(page, model, send);
    case "takeBack":
      return takeBackPage(page, model, options.now(), send);
    case "adopt":
      return adoptPage(page, model, send);
    case "rule":
      return rulePage(page, model, send);
  }
}

/** The region is always there: a screen reader speaks what comes into it. */
function errorView(model: PopupModel, send: Send): VNode {
  const { error } = model;
  return h("div.error-region", { attrs: { role: "alert" } }, [
    error &&
      h("div.error", [
        glyph("warning"),
        h("div.words", [h("strong", error.message), h("p", error.code === "adoptionNeeded" ? text("adoptFirst") : error.hint), model.state ? undefined : button(".quiet", text("retry"), () => send({ kind: "reload" }))]),
        h(
          "button.icon-button",
          { attrs: { type: "button", "aria-label": text("dismiss"), title: text("dismiss") }, on: { click: () => send({ kind: "dismiss" }) } },
          [glyph("close")],
        ),
      ]),
  ]);
}

function saidText(said: Said): string {
  switch (said.kind) {
    case "found":
      return said.projects === 0 ? text("foundNone") : counted("found", said.projects);
    case "saved":
      return text("saidSaved", said.name);
    case "removed":
      return text("saidRemoved", said.name);
    case "gone":
      return text("saidGone", said.name);
    case "takenBack":
      return text("saidTakenBack", said.name, said.holder);
    case "leaseOver":
      return text("saidLeaseOver", said.name);
    case "unbound":
      return text("saidUnbound");
    case "copied":
      return text("saidCopied");
    case "ruled": {
      const ruled = text("saidRuled", said.pattern, said.project);
      return said.moved === 0 ? ruled : `${ruled} ${counted("saidMoved", said.moved)}`;
    }
  }
}

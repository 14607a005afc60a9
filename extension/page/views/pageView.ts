import { h, type VNode } from "snabbdom";
import type { ErrorShape } from "../../../shared/errors.ts";
import type { PageModel } from "../../core/page/pageModel.ts";
import { glyph, mark } from "../../ui/glyphs.ts";
import { button } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { choiceView } from "./choiceView.ts";
import { noticeView } from "./noticeView.ts";
import type { Send } from "./send.ts";

/** The whole page: one card in the middle. */
export function pageView(model: PageModel, send: Send): VNode {
  return h("div.page", [
    h("header", [mark(), h("span", text("extName"))]),
    h("main.card", { attrs: { "aria-busy": String(model.busy !== undefined) } }, [errorView(model, send), ...content(model, send)]),
  ]);
}

function content(model: PageModel, send: Send): VNode[] {
  if (model.refused !== undefined) return refusedView(model.refused, send);
  if (model.state === undefined) return [h("h1.waiting", text(model.id === "" ? "pageLinkOpening" : "pageLoading"))];
  const shown = model.state.content;
  if (shown === null) return closable(text("pageGoneTitle"), [h("p", text("pageGoneText"))], send);
  return shown.kind === "choose" ? choiceView(model, shown, send) : noticeView(shown, model.state, send);
}

function refusedView({ message, hint }: ErrorShape, send: Send): VNode[] {
  return closable(text("pageLinkTitle"), [h("p", { attrs: { lang: "en" } }, [message, " ", hint])], send);
}

function closable(title: string, children: VNode[], send: Send): VNode[] {
  return [h("h1", title), ...children, h("div.buttons", [button(".primary", text("pageClose"), () => send({ kind: "close" }), { "data-begin": true })])];
}

/** The region is always there: a screen reader speaks what comes into it. */
function errorView(model: PageModel, send: Send): VNode {
  const { error } = model;
  const hint = error?.code === "adoptionNeeded" ? text("adoptFirst") : error?.hint;
  return h("div.error-region", { attrs: { role: "alert" } }, [
    error &&
      h("div.error", [
        glyph("warning"),
        h("div.words", [
          h("strong", error.message),
          h("p", hint),
          model.state ? undefined : button(".quiet", text("retry"), () => send({ kind: "reload" }), { "data-begin": true }),
        ]),
      ]),
  ]);
}

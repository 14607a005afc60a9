import { h, type VNode } from "snabbdom";
import type { HostState, PopupState } from "../../../shared/protocol/popup.ts";
import type { PopupModel } from "../../core/popupModel.ts";
import { text } from "../../ui/text.ts";
import { glyph } from "../../ui/glyphs.ts";
import { button, named } from "../../ui/parts.ts";
import { command, type Send } from "./parts.ts";

/** What keeps Stead from its whole work, the most pressing only, and what to do; nothing while all is well. */
export function noticeView(state: PopupState, model: PopupModel, send: Send): VNode | undefined {
  if (state.access === false) {
    return notice("lock", text("accessTitle"), [
      h("div.notice-end", [h("p", text("accessText")), button(".quiet", text("accessGrant"), () => send({ kind: "grant" }))]),
    ]);
  }
  return hostNotice(state.host, model, send);
}

function hostNotice(host: HostState, model: PopupModel, send: Send): VNode | undefined {
  const retry = button(".quiet", text("retry"), () => send({ kind: "retry" }), { "aria-busy": String(model.busy?.kind === "retry") });
  switch (host.kind) {
    case "connecting":
      return undefined;
    case "connected":
      if (host.vault.state === "unlocked") return undefined;
      return notice("lock", text("hostLockedTitle"), [h("p", text("hostLockedText")), command("stead unlock", send)]);
    case "missing":
      return notice("plug", text("hostMissingTitle"), [
        h("p", text("hostMissingText")),
        command("stead install", send, text("hostInstall")),
        command("stead doctor", send, text("hostDoctor")),
        h("div.notice-end", [host.detail === "" ? undefined : h("p.detail", named("hostDetail", host.detail)), retry]),
      ]);
    case "failed":
      return notice("warning", text("hostFailed"), [h("p", host.message), h("div.notice-end", [h("p.detail", host.hint), retry])]);
  }
}

/** One quiet line: how things stand with the host, and the way to the options page. */
export function hostFooter(host: HostState | undefined, send: Send): VNode {
  const [state, line] = footerOf(host);
  return h("footer", [
    h(`span.lamp.${state}`, { attrs: { "aria-hidden": "true" } }),
    h("span.line", line),
    h(
      "button.icon-button",
      { attrs: { type: "button", "aria-label": text("popupOptions"), title: text("popupOptions") }, on: { click: () => send({ kind: "options" }) } },
      [glyph("gear")],
    ),
  ]);
}

function footerOf(host: HostState | undefined): readonly [string, (string | VNode)[]] {
  switch (host?.kind) {
    case undefined:
      return ["waiting", [text("loading")]];
    case "connecting":
      return ["waiting", [text("hostConnecting")]];
    case "missing":
      return ["off", [text("hostMissing")]];
    case "failed":
      return ["bad", [text("hostFailed")]];
    case "connected":
      return host.vault.state === "locked" ? ["off", [text("hostLocked")]] : ["on", named("hostConnected", host.instance)];
  }
}

function notice(sign: Parameters<typeof glyph>[0], title: string, children: VNode[]): VNode {
  return h("section.notice", { key: "notice", attrs: { "aria-labelledby": "notice-title" } }, [
    h("h2", { attrs: { id: "notice-title" } }, [glyph(sign), title]),
    ...children,
  ]);
}

import { h, type VNode } from "snabbdom";
import type { HostState } from "../../../shared/protocol/popup.ts";
import type { Page, PopupModel } from "../../core/popupModel.ts";
import { removalLosses } from "../../ui/removalLosses.ts";
import { glyph } from "../../ui/glyphs.ts";
import { text } from "../../ui/text.ts";
import { button, disc, named, woven } from "../../ui/parts.ts";
import { leaseWords } from "./leaseWords.ts";
import { command, type Send } from "./parts.ts";

/** Asks before a project is removed, and says what goes and what stays. */
export function removePage({ project }: Extract<Page, { kind: "remove" }>, model: PopupModel, send: Send): VNode {
  // As it is now: the counts may have changed since the question was raised.
  const now = model.state?.projects.find(({ id }) => id === project.id) ?? project;
  const obstacle = model.state && removalNeeds(model.state.host, send);
  return question("remove", [
    disc(now.name, now.color),
    h("h1", { attrs: { id: "page-title" } }, named("removeTitle", now.name)),
    h("ul.losses", { attrs: { id: "page-text" } }, removalLosses(now)),
    obstacle,
    h("div.buttons", [
      button(".quiet", text("cancel"), () => send({ kind: "back" }), { "data-begin": true }),
      obstacle
        ? undefined
        : button(".danger", text("removeConfirm"), () => send({ kind: "remove" }), { "aria-busy": String(model.busy !== undefined) }),
    ]),
  ]);
}

/** Without the host, or with the vault locked, the key cannot be destroyed. */
function removalNeeds(host: HostState, send: Send): VNode | undefined {
  if (host.kind !== "connected") {
    return h("div.obstacle", { attrs: { role: "status" } }, [
      h("p", text("removeNoHost")),
      button(".quiet", text("retry"), () => send({ kind: "retry" })),
    ]);
  }
  if (host.vault.state === "locked") return h("div.obstacle", { attrs: { role: "status" } }, [h("p", text("removeLocked")), command("stead unlock", send)]);
  return undefined;
}

/** Asks before a project is taken back from who has it checked out, and says what that does and does not. */
export function takeBackPage({ id, holder }: Extract<Page, { kind: "takeBack" }>, model: PopupModel, now: number, send: Send): VNode {
  const project = model.state?.projects.find((one) => one.id === id);
  const line = (kind: string, sign: Parameters<typeof glyph>[0], name: string) => h(`li.${kind}`, [glyph(sign), h("span", named(name, holder))]);
  return question("take-back", [
    project && disc(project.name, project.color),
    h("h1", { attrs: { id: "page-title" } }, woven("takeBackTitle", h("bdi", project?.name ?? ""), h("bdi", holder))),
    h("div.words", { attrs: { id: "page-text" } }, [
      project?.lease ? h("p", leaseWords(project.lease, now)) : undefined,
      h("ul.losses", [
        line("goes", "close", "takeBackRefused"),
        h("li.stays", [glyph("check"), h("span", text("takeBackStays"))]),
        line("stands", "warning", "takeBackSignedIn"),
      ]),
    ]),
    h("div.buttons", [
      button(".quiet", text("cancel"), () => send({ kind: "back" }), { "data-begin": true }),
      button(".primary", text("takeBack"), () => send({ kind: "takeBack" }), { "aria-busy": String(model.busy !== undefined) }),
    ]),
  ]);
}

/** Asks whether a container of the project's name, not made by Stead, is to be used. */
export function adoptPage({ name }: Extract<Page, { kind: "adopt" }>, model: PopupModel, send: Send): VNode {
  const busy = { "aria-busy": String(model.busy !== undefined) };
  const choice = (label: string, hint: string, adopt: boolean, begin: boolean) =>
    button(".choice-button", [h("strong", text(label)), h("span", text(hint))], () => send({ kind: "adopt", adopt }), {
      ...busy,
      ...(begin && { "data-begin": true }),
    });
  return question("adopt", [
    h("h1", { attrs: { id: "page-title" } }, text("adoptTitle")),
    h("p", { attrs: { id: "page-text" } }, named("adoptText", name)),
    h("div.choice-buttons", [choice("adoptUse", "adoptUseHint", true, true), choice("adoptNew", "adoptNewHint", false, false)]),
    h("div.buttons", [button(".quiet", text("cancel"), () => send({ kind: "back" }))]),
  ]);
}

function question(key: string, children: (VNode | undefined)[]): VNode {
  return h("main.question-page", { key }, [
    h("div.question", { attrs: { role: "alertdialog", "aria-labelledby": "page-title", "aria-describedby": "page-text" } }, children),
  ]);
}

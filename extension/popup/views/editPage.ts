import { h, type VNode } from "snabbdom";
import type { Page, PopupModel } from "../../core/popupModel.ts";
import { colorChoices, iconChoices } from "../../ui/choices.ts";
import { button, disc } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { leaseWords } from "./leaseWords.ts";
import { pageHead, type Send } from "./parts.ts";

/** Name, colour and icon of a project, there already or to be made. */
export function editPage(page: Extract<Page, { kind: "edit" }>, model: PopupModel, now: number, send: Send): VNode {
  const { id, draft } = page;
  const lease = model.state?.projects.find((project) => project.id === id)?.lease;
  const submit = (event: Event) => {
    event.preventDefault();
    send({ kind: "save" });
  };
  return h("main.edit-page", { key: "edit" }, [
    pageHead([text(id === undefined ? "newTitle" : "editTitle")], send),
    h("form", { attrs: { novalidate: true, "aria-labelledby": "page-title" }, on: { submit } }, [
      h("div.name-field", [
        disc(draft.name, draft.color),
        h("label.unseen", { attrs: { for: "name" } }, text("nameLabel")),
        h("input", {
          attrs: {
            id: "name",
            type: "text",
            maxlength: 64,
            autocomplete: "off",
            spellcheck: "false",
            dir: "auto",
            placeholder: text("nameLabel"),
            "data-begin": true,
            "aria-invalid": String(page.nameRefused),
            ...(page.nameRefused && { "aria-describedby": "name-refused" }),
          },
          props: { value: draft.name },
          on: {
            input: (event) => {
              if (event.target instanceof HTMLInputElement) send({ kind: "drafted", draft: { name: event.target.value } });
            },
          },
        }),
      ]),
      page.nameRefused ? h("p.refused", { attrs: { id: "name-refused", role: "alert" } }, text("nameRefused")) : undefined,
      colorChoices("color", draft.color, (color) => send({ kind: "drafted", draft: { color } })),
      iconChoices("icon", draft.icon, (icon) => send({ kind: "drafted", draft: { icon } })),
      h("div.buttons", [
        button(".quiet", text("cancel"), () => send({ kind: "back" })),
        h("button.button.primary", { attrs: { type: "submit", "aria-busy": String(model.busy !== undefined) } }, text(id === undefined ? "createAndSwitch" : "save")),
      ]),
      lease && id !== undefined
        ? h("div.aside.lease-aside", [h("p", leaseWords(lease, now)), button(".quiet", text("takeBackEllipsis"), () => send({ kind: "askTakeBack", row: id }))])
        : undefined,
      id === undefined
        ? undefined
        : h("div.aside", [button(".danger-quiet", text("removeEllipsis"), () => send({ kind: "askRemove", row: id }))]),
    ]),
  ]);
}

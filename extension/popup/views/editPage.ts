import { h, type VNode } from "snabbdom";
import { type Color, colors, type Icon, icons } from "../../../shared/models.ts";
import type { Page, PopupModel } from "../../core/popupModel.ts";
import { text } from "../text.ts";
import { containerGlyph } from "./glyphs.ts";
import { button, disc, discColors, pageHead, type Send } from "./parts.ts";

const colorNames: Readonly<Record<Color, string>> = {
  blue: "colorBlue",
  turquoise: "colorTurquoise",
  green: "colorGreen",
  yellow: "colorYellow",
  orange: "colorOrange",
  red: "colorRed",
  pink: "colorPink",
  purple: "colorPurple",
  toolbar: "colorToolbar",
};

const iconNames: Readonly<Record<Icon, string>> = {
  fingerprint: "iconFingerprint",
  briefcase: "iconBriefcase",
  dollar: "iconDollar",
  cart: "iconCart",
  vacation: "iconVacation",
  gift: "iconGift",
  food: "iconFood",
  fruit: "iconFruit",
  pet: "iconPet",
  tree: "iconTree",
  chill: "iconChill",
  circle: "iconCircle",
  fence: "iconFence",
};

/** Name, colour and icon of a project, there already or to be made. */
export function editPage(page: Extract<Page, { kind: "edit" }>, model: PopupModel, send: Send): VNode {
  const { id, draft } = page;
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
      choices("color", text("colorLabel"), colors, draft.color, (color) => send({ kind: "drafted", draft: { color } }), {
        name: (color) => text(colorNames[color]),
        face: (color) => h("span.swatch", { style: discColors(color) }),
      }),
      choices("icon", text("iconLabel"), icons, draft.icon, (icon) => send({ kind: "drafted", draft: { icon } }), {
        name: (icon) => text(iconNames[icon]),
        face: (icon) => h("span.face", [containerGlyph(icon)]),
      }),
      h("div.buttons", [
        button(".quiet", text("cancel"), () => send({ kind: "back" })),
        h("button.button.primary", { attrs: { type: "submit", "aria-busy": String(model.busy !== undefined) } }, text(id === undefined ? "createAndSwitch" : "save")),
      ]),
      id === undefined
        ? undefined
        : h("div.aside", [button(".danger-quiet", text("removeEllipsis"), () => send({ kind: "askRemove", row: id }))]),
    ]),
  ]);
}

interface Look<T> {
  name: (value: T) => string;
  face: (value: T) => VNode;
}

/** A group of radio buttons drawn as faces; arrows move in it, as the browser has it. */
function choices<T extends string>(group: string, legend: string, values: readonly T[], chosen: T, choose: (value: T) => void, look: Look<T>): VNode {
  return h(`fieldset.choices.${group}s`, [
    h("legend", legend),
    h(
      "div.faces",
      values.map((value) =>
        h("label.choice", { key: value, attrs: { title: look.name(value) } }, [
          h("input", {
            attrs: { type: "radio", name: group, value, "aria-label": look.name(value) },
            props: { checked: value === chosen },
            on: { change: () => choose(value) },
          }),
          look.face(value),
        ]),
      ),
    ),
  ]);
}

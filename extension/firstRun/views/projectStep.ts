import { h, type VNode } from "snabbdom";
import type { PopupProject } from "../../../shared/protocol/popup.ts";
import type { FirstRunModel } from "../../core/firstRun/firstRunModel.ts";
import { freshColor } from "../../core/popupRows.ts";
import { colorChoices } from "../../ui/choices.ts";
import { faultView, invalid, typedIn } from "../../ui/fields.ts";
import { button, disc } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import type { Send } from "./firstRunView.ts";
import { step } from "./step.ts";

/** The first project, with its name and colour, right here; or one that is there. */
export function projectStep(model: FirstRunModel, project: PopupProject | undefined, send: Send): VNode {
  if (project) {
    return step(1, text("firstRunProject"), "done", [
      h("div.made", [
        disc(project.name, project.color),
        h("strong", [h("bdi", project.name)]),
        button(".quiet", text("firstRunAnother"), () => send({ kind: "another" })),
      ]),
    ]);
  }
  return step(1, text("firstRunProject"), "now", [h("p.hint", text("firstRunProjectHint")), form(model, send), others(model.state?.projects ?? [], send)]);
}

function form(model: FirstRunModel, send: Send): VNode {
  const color = model.color ?? freshColor(model.state?.projects ?? []);
  const submit = (event: Event) => {
    event.preventDefault();
    send({ kind: "make" });
  };
  return h("form.make", { attrs: { novalidate: true }, on: { submit } }, [
    h("div.name-line", [
      disc(model.name, color),
      h("label.unseen", { attrs: { for: "first-name" } }, text("nameLabel")),
      h("input", {
        attrs: {
          id: "first-name", type: "text", maxlength: 64, autocomplete: "off", spellcheck: "false", dir: "auto",
          placeholder: text("firstRunNameExample"), ...invalid("first-name-fault", model.nameFault),
        },
        props: { value: model.name },
        on: { input: (event) => send({ kind: "named", name: typedIn(event) }) },
      }),
      h("button.button.primary", { attrs: { type: "submit", "aria-busy": String(model.making) } }, text("optionsAddProject")),
    ]),
    faultView("first-name-fault", model.nameFault),
    colorChoices("first-color", color, (chosen) => send({ kind: "color", color: chosen })),
  ]);
}

function others(projects: readonly PopupProject[], send: Send): VNode | undefined {
  if (projects.length === 0) return undefined;
  return h("div.others", { attrs: { role: "group", "aria-labelledby": "others-title" } }, [
    h("p.hint", { attrs: { id: "others-title" } }, text("firstRunOrTake")),
    h("div.suggestions", projects.slice(0, 12).map((project) =>
      h("button.suggestion", { key: project.id, attrs: { type: "button" }, on: { click: () => send({ kind: "choose", id: project.id }) } }, [disc(project.name, project.color), h("bdi", project.name)]))),
  ]);
}

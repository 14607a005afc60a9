import { h, type VNode } from "snabbdom";
import type { PageContent } from "../../../shared/protocol/page.ts";
import type { ChoiceRow } from "../../core/page/choiceRows.ts";
import type { PageModel } from "../../core/page/pageModel.ts";
import { canRemember } from "../../core/page/pageUpdate.ts";
import { shownAddress } from "../../core/page/shownAddress.ts";
import { containerGlyph, glyph } from "../../ui/glyphs.ts";
import { button, disc, named } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { addressView } from "./addressView.ts";
import { noDisc } from "./noDisc.ts";
import type { Send } from "./send.ts";

type Choice = Extract<PageContent, { kind: "choose" }>;

/** From so many answers on there is a field that finds projects. */
const many = 9;

/** Asks in which project an address opens. */
export function choiceView(model: PageModel, choice: Choice, send: Send): VNode[] {
  const submit = (event: Event) => {
    event.preventDefault();
    send({ kind: "submit", at: performance.now() });
  };
  const shown = shownAddress(choice.url);
  return [
    h("h1", { attrs: { id: "page-title" } }, text("pageChooseTitle")),
    ...(shown === undefined ? [] : [addressView(shown)]),
    h("p.why", { attrs: { id: "page-why" } }, [...why(choice), " ", text("pageNotFetched")]),
    h("form", { attrs: { "aria-describedby": "page-why" }, on: { submit } }, [
      finder(model, send),
      h("div.rows", { attrs: { role: "radiogroup", "aria-labelledby": "page-title" } }, groups(model, send)),
      model.rows.length === 0 ? h("p.nothing", { attrs: { role: "status" } }, text("foundNone")) : undefined,
      remember(model, send),
      h("div.buttons", [
        button(".quiet", [text("cancel"), key(text("keyEscape"))], () => send({ kind: "close" })),
        h(
          "button.button.primary",
          { attrs: { type: "submit", disabled: model.rows.length === 0, "aria-busy": String(model.busy !== undefined) } },
          [text("pageOpen"), key("↵")],
        ),
      ]),
    ]),
  ];
}

function why({ why, pattern }: Choice): (string | VNode)[] {
  switch (why) {
    case "rule":
      return pattern === null ? [text("pageWhyRules")] : named("pageWhyRule", pattern);
    case "external":
      return [text("pageWhyExternal")];
    case "link":
      return [text("pageWhyLink")];
    case "signIn":
      return [text("pageWhySignIn")];
  }
}

function finder(model: PageModel, send: Send): VNode | undefined {
  if ((model.state?.projects.length ?? 0) < many) return undefined;
  return h("div.field", [
    glyph("search"),
    h("input", {
      attrs: {
        id: "field",
        type: "text",
        "aria-label": text("pageFind"),
        "aria-keyshortcuts": "/",
        autocomplete: "off",
        autocapitalize: "off",
        spellcheck: "false",
        dir: "auto",
        maxlength: 64,
        placeholder: text("pageFind"),
      },
      props: { value: model.query },
      on: {
        input: (event) => {
          if (event.target instanceof HTMLInputElement) send({ kind: "typed", query: event.target.value });
        },
      },
    }),
  ]);
}

/** What is named stands apart from the rest. */
function groups(model: PageModel, send: Send): VNode[] {
  const { rows } = model;
  const split = model.query === "" && rows.some((row) => row.named) ? rows.findIndex((row) => !row.named) : -1;
  return rows.map((row, at) => answer(row, model, at === split && at > 0, send));
}

function answer({ project, digit }: ChoiceRow, model: PageModel, begins: boolean, send: Send): VNode {
  const id = project?.id ?? null;
  const chosen = id === model.chosen;
  return h("label.row", { key: id ?? "none", class: { chosen, begins } }, [
    h("input.unseen", {
      attrs: {
        type: "radio",
        name: "project",
        value: id ?? "",
        ...(digit !== undefined && { "aria-keyshortcuts": String(digit) }),
      },
      props: { checked: chosen },
      on: { change: () => send({ kind: "chosen", project: id }) },
    }),
    project === null ? noDisc() : disc(project.name, project.color),
    h("span.name", [project === null ? text("noProject") : h("bdi", project.name)]),
    project !== null && project.id === model.state?.here ? h("span.chip", text("pageHere")) : undefined,
    project === null ? undefined : h("span.sign", { attrs: { "aria-hidden": "true" } }, [containerGlyph(project.icon)]),
    h("span.digit", { attrs: { "aria-hidden": "true" } }, digit === undefined ? [] : [h("kbd", String(digit))]),
  ]);
}

function remember(model: PageModel, send: Send): VNode | undefined {
  const pattern = model.state?.remembers;
  if (typeof pattern !== "string") return undefined;
  const possible = canRemember(model);
  return h("label.remember", { class: { impossible: !possible } }, [
    h("input", {
      attrs: { type: "checkbox", "aria-keyshortcuts": "R", disabled: !possible },
      props: { checked: model.remember && possible },
      on: {
        change: (event) => {
          if (event.target instanceof HTMLInputElement) send({ kind: "remember", remember: event.target.checked });
        },
      },
    }),
    h("span", named("pageRemember", pattern)),
    key("R"),
  ]);
}

function key(name: string): VNode {
  return h("kbd", { attrs: { "aria-hidden": "true" } }, name);
}

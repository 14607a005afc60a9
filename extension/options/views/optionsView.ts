import { h, type VNode } from "snabbdom";
import type { Note, OptionsModel } from "../../core/options/optionsModel.ts";
import { type Section, sections } from "../../core/options/section.ts";
import { glyph, mark } from "../../ui/glyphs.ts";
import { button, named } from "../../ui/parts.ts";
import { counted, text } from "../../ui/text.ts";
import { behaviourSection } from "./behaviourSection.ts";
import { hostsSection } from "./hostsSection.ts";
import type { Send } from "./parts.ts";
import { projectsSection } from "./projectsSection.ts";
import { rulesSection } from "./rulesSection.ts";
import { shortcutsSection } from "./shortcutsSection.ts";
import { transferSection } from "./transferSection.ts";

const titles: Readonly<Record<Section, string>> = {
  projects: "optionsProjects",
  rules: "optionsRules",
  shortcuts: "optionsShortcuts",
  behaviour: "optionsBehaviour",
  hosts: "optionsHosts",
  transfer: "optionsTransfer",
};

const signs: Readonly<Record<Section, Parameters<typeof glyph>[0]>> = {
  projects: "projects",
  rules: "rules",
  shortcuts: "keyboard",
  behaviour: "behaviour",
  hosts: "plug",
  transfer: "transfer",
};

export interface ViewOptions {
  mac: boolean;
}

/** The whole options page. */
export function optionsView(model: OptionsModel, options: ViewOptions, send: Send): VNode {
  return h("div.page", [
    sidebar(model.section),
    h(`main.content.${model.section}`, [
      h("h1", text(titles[model.section])),
      errorView(model, send),
      model.state ? section(model, options, send) : h("p.loading", { attrs: { role: "status" } }, text("loading")),
    ]),
    noteView(model.note, model, send),
  ]);
}

function sidebar(current: Section): VNode {
  return h("nav.sidebar", { attrs: { "aria-label": text("optionsTitle") }, on: { keydown: moveInSidebar } }, [
    h("div.brand", [mark(), h("span", text("extName"))]),
    h(
      "ul",
      sections.map((section) =>
        h("li", { key: section }, [
          h(
            "a.category",
            { class: { current: section === current }, attrs: { href: `#${section}`, ...(section === current && { "aria-current": "page" }) } },
            [glyph(signs[section]), h("span", text(titles[section]))],
          ),
        ]),
      ),
    ),
  ]);
}

/** Up and down, as in Firefox's own settings. */
function moveInSidebar(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.currentTarget instanceof Element)) return;
  const links = [...event.currentTarget.querySelectorAll("a")];
  const next = links[links.findIndex((link) => link === event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

function section(model: OptionsModel, options: ViewOptions, send: Send): VNode | undefined {
  switch (model.section) {
    case "projects":
      return projectsSection(model, send);
    case "rules":
      return rulesSection(model, send);
    case "shortcuts":
      return shortcutsSection(model, options, send);
    case "behaviour":
      return behaviourSection(model, send);
    case "hosts":
      return hostsSection(model, send);
    case "transfer":
      return transferSection(model, send);
  }
}

/** The region is always there: a screen reader speaks what comes into it. */
function errorView({ error, state }: OptionsModel, send: Send): VNode {
  return h("div.error-region", { attrs: { role: "alert" } }, [
    error &&
      h("div.error", [
        glyph("warning"),
        h("div.words", { attrs: { lang: "en" } }, [h("strong", error.message), h("p", error.hint)]),
        state ? undefined : button(".quiet", text("retry"), () => send({ to: "page", kind: "reload" })),
        h(
          "button.icon-button",
          { attrs: { type: "button", "aria-label": text("dismiss"), title: text("dismiss") }, on: { click: () => send({ to: "page", kind: "dismiss" }) } },
          [glyph("close")],
        ),
      ]),
  ]);
}

/** What was just done, said and shown, with what can be done about it. */
function noteView(note: Note | undefined, model: OptionsModel, send: Send): VNode {
  return h("div.note-region", { attrs: { role: "status" } }, [
    note &&
      h("div.note", [
        h("span.words", noteWords(note)),
        noteAction(note, model, send),
        h(
          "button.icon-button",
          { attrs: { type: "button", "aria-label": text("dismiss"), title: text("dismiss") }, on: { click: () => send({ to: "page", kind: "forgetNote" }) } },
          [glyph("close")],
        ),
      ]),
  ]);
}

function noteWords(note: Note): (string | VNode)[] {
  switch (note.kind) {
    case "rulesRemoved": {
      const [only, ...others] = note.rules;
      return only && others.length === 0 ? named("optionsRemovedRule", only.pattern) : [counted("optionsRulesRemoved", note.rules.length)];
    }
    case "rulesAdded":
      return [counted("optionsRulesAdded", note.rules.length)];
    case "tabsMoved":
      return [note.tabs === 0 ? text("optionsNoTabsMoved") : counted("optionsTabsMoved", note.tabs)];
    case "undone":
      return [counted("optionsUndone", note.rules)];
    case "projectAdded":
      return named("optionsProjectAdded", note.name);
    case "projectRemoved":
      return named("saidRemoved", note.name);
    case "copied":
      return [text("saidCopied")];
  }
}

function noteAction(note: Note, model: OptionsModel, send: Send): VNode | undefined {
  if (note.kind === "rulesRemoved" && model.rules.removed.length > 0) {
    return button(".quiet", text("optionsUndo"), () => send({ to: "rules", kind: "undo" }));
  }
  if (note.kind === "rulesAdded") {
    return button(".quiet", text("optionsMoveTabs"), () => send({ to: "rules", kind: "apply", rules: note.rules }));
  }
  return undefined;
}

import { h, type VNode } from "snabbdom";
import type { HostState, PopupProject } from "../../../shared/protocol/popup.ts";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { faultView, invalid, typedIn } from "../../ui/fields.ts";
import { adoptionQuestion } from "../../ui/adoptionQuestion.ts";
import { colorChoices, iconChoices } from "../../ui/choices.ts";
import { containerGlyph, glyph } from "../../ui/glyphs.ts";
import { modal } from "../../ui/modal.ts";
import { button, command, disc, named } from "../../ui/parts.ts";
import { removalLosses } from "../../ui/removalLosses.ts";
import { counted, text } from "../../ui/text.ts";
import { card, type Send } from "./parts.ts";

export function projectsSection(model: OptionsModel, send: Send): VNode {
  const projects = model.state?.projects ?? [];
  return h("div.section", { key: "projects" }, [
    h("p.lead", text("optionsProjectsLead")),
    addForm(model, send),
    projects.length === 0
      ? h("p.nothing", text("optionsNoProjects"))
      : h("ul.project-list.card", { attrs: { "aria-label": text("projects") } }, projects.map((project) => projectItem(project, model, send))),
    removalDialog(model, send),
    adoptionDialog(model, send),
  ]);
}

function addForm({ projects }: OptionsModel, send: Send): VNode {
  const submit = (event: Event) => {
    event.preventDefault();
    send({ to: "projects", kind: "add" });
  };
  return card("new", text("newTitle"), [
    h("form.add", { attrs: { novalidate: true }, on: { submit } }, [
      h("label.unseen", { attrs: { for: "new-project" } }, text("nameLabel")),
      h("input", {
        attrs: {
          id: "new-project", type: "text", maxlength: 64, autocomplete: "off", spellcheck: "false", dir: "auto",
          placeholder: text("nameLabel"), ...invalid("new-project-fault", projects.nameFault),
        },
        props: { value: projects.name },
        on: { input: (event) => send({ to: "projects", kind: "typed", name: typedIn(event) }) },
      }),
      h("button.button.primary", { attrs: { type: "submit", "aria-busy": String(projects.adding) } }, text("optionsAddProject")),
    ]),
    faultView("new-project-fault", projects.nameFault),
  ]);
}

function projectItem(project: PopupProject, model: OptionsModel, send: Send): VNode {
  const open = model.projects.open === project.id;
  const strict = model.state?.settings.strict.includes(project.id) === true;
  return h("li.project", { key: project.id, class: { open } }, [
    h("div.project-line", [
      disc(project.name, project.color),
      h("div.project-words", [
        h("h3", [h("bdi", project.name), project.id === model.state?.current ? h("span.chip", text("current")) : undefined, strict ? h("span.chip", text("optionsStrictChip")) : undefined]),
        h("p.muted", countsOf(project)),
      ]),
      h("span.sign", [containerGlyph(project.icon)]),
      button(".quiet", text("switch"), () => send({ to: "projects", kind: "open", id: project.id }), { "aria-label": text("optionsSwitchTo", project.name) }),
      h(
        "button.icon-button",
        {
          attrs: {
            type: "button", id: `open-${project.id}`, "aria-expanded": String(open), "aria-controls": `details-${project.id}`,
            "aria-label": text("editNamed", project.name), title: text("editNamed", project.name),
          },
          on: { click: () => send({ to: "projects", kind: "toggle", id: project.id }) },
        },
        [glyph(open ? "up" : "down")],
      ),
    ]),
    h("div", { attrs: { id: `details-${project.id}` } }, open ? [details(project, strict, model, send)] : []),
  ]);
}

function countsOf({ tabs, rules, items }: PopupProject): string {
  const parts = [counted("tabs", tabs), rules === null ? undefined : counted("optionsRuleCount", rules), items === null ? undefined : counted("optionsItemCount", items)];
  return parts.filter((part) => part !== undefined).join(" · ");
}

function details(project: PopupProject, strict: boolean, { projects }: OptionsModel, send: Send): VNode {
  return h("div.details", [
    h("div.labelled", [
      h("label", { attrs: { for: "project-name" } }, text("nameLabel")),
      h("input", {
        attrs: { id: "project-name", type: "text", maxlength: 64, autocomplete: "off", spellcheck: "false", dir: "auto", ...invalid("project-name-fault", projects.typedFault) },
        props: { value: projects.typed ?? project.name },
        on: {
          input: (event) => send({ to: "projects", kind: "renamed", name: typedIn(event) }),
          change: () => send({ to: "projects", kind: "rename" }),
          keydown: (event) => {
            if (event.key === "Escape" && projects.typed !== undefined) send({ to: "projects", kind: "cancelRename" });
          },
        },
      }),
      faultView("project-name-fault", projects.typedFault),
    ]),
    colorChoices("project-color", project.color, (color) => send({ to: "projects", kind: "color", id: project.id, color })),
    iconChoices("project-icon", project.icon, (icon) => send({ to: "projects", kind: "icon", id: project.id, icon })),
    h("label.check", [
      h("input", {
        attrs: { type: "checkbox", "aria-describedby": "strict-hint" },
        props: { checked: strict },
        on: {
          change: (event) => {
            if (event.target instanceof HTMLInputElement) send({ to: "projects", kind: "strict", id: project.id, strict: event.target.checked });
          },
        },
      }),
      h("span", text("optionsStrict")),
    ]),
    h("p.hint", { attrs: { id: "strict-hint" } }, named("optionsStrictHint", project.name)),
    h("div.detail-end", [
      h("a", { attrs: { href: `#rules?project=${project.id}` } }, text("optionsAddRuleFor")),
      button(".danger-quiet", text("removeEllipsis"), () => send({ to: "projects", kind: "askRemove", id: project.id }), { id: `remove-${project.id}` }),
    ]),
  ]);
}

function removalDialog({ projects, state }: OptionsModel, send: Send): VNode | undefined {
  const project = state?.projects.find(({ id }) => id === projects.removing);
  if (!project || !state) return undefined;
  const obstacle = removalNeeds(state.host, send);
  const keep = () => send({ to: "projects", kind: "keep" });
  return modal("removal", keep, [
    h("div.question-head", [disc(project.name, project.color), h("h2", { attrs: { id: "removal-title" } }, named("removeTitle", project.name))]),
    h("ul.losses", removalLosses(project)),
    obstacle,
    faultView("removal-fault", projects.removalFault),
    h("div.buttons", [
      button(".quiet", text("cancel"), keep, { autofocus: true }),
      obstacle
        ? undefined
        : button(".danger", text("removeConfirm"), () => send({ to: "projects", kind: "remove" }), { "aria-busy": String(projects.removalBusy) }),
    ]),
  ]);
}

/** Without the host, or with the vault locked, the key cannot be destroyed. */
function removalNeeds(host: HostState, send: Send): VNode | undefined {
  if (host.kind !== "connected") {
    return h("div.obstacle", [h("p", text("removeNoHost")), button(".quiet", text("retry"), () => send({ to: "page", kind: "retry" }))]);
  }
  if (host.vault.state === "unlocked") return undefined;
  return h("div.obstacle", [h("p", text("removeLocked")), command("stead unlock", (line) => send({ to: "page", kind: "copy", text: line }))]);
}

/** Asks whether a container of the project's name, not made by Stead, is to be used. */
function adoptionDialog({ projects, state }: OptionsModel, send: Send): VNode | undefined {
  const project = state?.projects.find(({ id }) => id === projects.adopting);
  if (!project) return undefined;
  const keep = () => send({ to: "projects", kind: "keep" });
  return adoptionQuestion(project.name, (adopt) => send({ to: "projects", kind: "open", id: project.id, adopt }), keep);
}

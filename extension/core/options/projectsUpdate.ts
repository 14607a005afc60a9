import type { ErrorShape } from "../../../shared/errors.ts";
import { type ProjectId, ProjectName } from "../../../shared/models.ts";
import { sameName } from "../../../shared/projectName.ts";
import type { PopupProject } from "../../../shared/protocol/popup.ts";
import { freshColor } from "../popupRows.ts";
import { call, type Fault, type OptionsAnswer, type OptionsCall, type OptionsModel, type Step } from "./optionsModel.ts";
import type { ProjectsEvent, ProjectsModel } from "./projectsModel.ts";
import { setSettings } from "./setSettings.ts";

export function projectsUpdate(model: OptionsModel, event: ProjectsEvent): Step {
  switch (event.kind) {
    case "typed":
      return [within(model, { name: event.name, nameFault: undefined }), []];
    case "add":
      return add(model);
    case "toggle":
      return [within(model, { open: model.projects.open === event.id ? undefined : event.id, typed: undefined, typedFault: undefined }), []];
    case "renamed":
      return [within(model, { typed: event.name, typedFault: undefined }), []];
    case "rename":
      return rename(model);
    case "cancelRename":
      return [within(model, { typed: undefined, typedFault: undefined }), []];
    case "color":
      return [model, [call({ kind: "updateProject", id: event.id, patch: { color: event.color } })]];
    case "icon":
      return [model, [call({ kind: "updateProject", id: event.id, patch: { icon: event.icon } })]];
    case "strict":
      return strict(model, event.id, event.strict);
    case "askRemove":
      return [within(model, { removing: event.id, removalFault: undefined, removalBusy: false }), []];
    case "keep":
      return [within(model, { removing: undefined, adopting: undefined }), [{ kind: "focus", id: `remove-${model.projects.removing ?? ""}` }]];
    case "remove": {
      const { removing, removalBusy } = model.projects;
      if (removing === undefined || removalBusy) return [model, []];
      return [within(model, { removalBusy: true, removalFault: undefined }), [call({ kind: "removeProject", id: removing })]];
    }
    case "open":
      return open(model, event.id, event.adopt);
  }
}

export function projectsAnswered(model: OptionsModel, answer: Extract<OptionsAnswer, { kind: "addProject" | "updateProject" | "removeProject" }>): Step {
  switch (answer.kind) {
    case "addProject": {
      const { id, name } = answer.project;
      return [
        { ...within(model, { name: "", adding: false, open: id, typed: undefined, typedFault: undefined }), note: { kind: "projectAdded", name } },
        [{ kind: "focus", id: `open-${id}` }],
      ];
    }
    case "updateProject": {
      // Another name may have been typed meanwhile.
      const typed = model.projects.open === answer.project.id && model.projects.typed?.trim() === answer.project.name ? undefined : model.projects.typed;
      return [within(model, { typed }), []];
    }
    case "removeProject":
      return [
        { ...within(model, { removing: undefined, removalBusy: false, open: undefined }), note: { kind: "projectRemoved", name: answer.name } },
        [{ kind: "focus", id: "new-project" }],
      ];
  }
}

/** Undefined when the failure is none of this section's. */
export function projectsFailed(model: OptionsModel, failed: OptionsCall, error: ErrorShape): Step | undefined {
  const fault: Fault = { kind: "error", error };
  if (failed.kind === "addProject") return [within(model, { adding: false, nameFault: fault }), [{ kind: "focus", id: "new-project" }]];
  if (failed.kind === "updateProject" && failed.patch.name !== undefined) {
    return [within(model, { typedFault: fault }), [{ kind: "focus", id: "project-name" }]];
  }
  if (failed.kind === "removeProject") return [within(model, { removalBusy: false, removalFault: fault }), []];
  if (failed.kind === "switch" && error.code === "adoptionNeeded") return [within(model, { adopting: failed.request.project }), []];
  return undefined;
}

/** What speaks against a project's name; `id`: of the project that is to have it. */
export function nameFault(projects: readonly PopupProject[], name: string, id?: ProjectId): Fault | undefined {
  const trimmed = name.trim().normalize("NFC");
  if (!ProjectName.safeParse(trimmed).success) return { kind: "text", name: "nameRefused" };
  const other = projects.find((project) => project.id !== id && sameName(project.name, trimmed));
  return other && { kind: "text", name: "optionsNameTaken", value: other.name };
}

function within(model: OptionsModel, change: Partial<ProjectsModel>): OptionsModel {
  return { ...model, projects: { ...model.projects, ...change } };
}

function add(model: OptionsModel): Step {
  if (!model.state || model.projects.adding) return [model, []];
  const fault = nameFault(model.state.projects, model.projects.name);
  if (fault) return [within(model, { nameFault: fault }), [{ kind: "focus", id: "new-project" }]];
  const project = { name: model.projects.name.trim().normalize("NFC"), color: freshColor(model.state.projects) };
  return [{ ...within(model, { adding: true }), note: undefined }, [call({ kind: "addProject", project })]];
}

function rename(model: OptionsModel): Step {
  const { open: id, typed } = model.projects;
  const project = model.state?.projects.find((one) => one.id === id);
  if (!model.state || !project || typed === undefined) return [model, []];
  const name = typed.trim().normalize("NFC");
  if (name === project.name) return [within(model, { typed: undefined, typedFault: undefined }), []];
  const fault = nameFault(model.state.projects, name, id);
  if (fault) return [within(model, { typedFault: fault }), []];
  return [model, [call({ kind: "updateProject", id: project.id, patch: { name } })]];
}

function strict(model: OptionsModel, id: ProjectId, on: boolean): Step {
  if (!model.state) return [model, []];
  const others = model.state.settings.strict.filter((one) => one !== id);
  return setSettings(model, { strict: on ? [...others, id] : others }, "strict");
}

function open(model: OptionsModel, project: ProjectId, adopt: boolean | undefined): Step {
  const adoptable = model.state?.projects.find(({ id }) => id === project)?.adoptable === true;
  if (adoptable && adopt === undefined) return [within(model, { adopting: project }), []];
  return [within(model, { adopting: undefined }), [call({ kind: "switch", request: { project, ...(adopt !== undefined && { adopt }) } })]];
}

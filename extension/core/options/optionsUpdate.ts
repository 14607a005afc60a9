import type { ErrorShape } from "../../../shared/errors.ts";
import type { OptionsState } from "../../../shared/protocol/options.ts";
import { popupShare } from "../popupShare.ts";
import { behaviourFailed, behaviourUpdate, sitesSaved } from "./behaviourUpdate.ts";
import { call, type OptionsAnswer, type OptionsCall, type OptionsEvent, type OptionsModel, type PageEvent, type Step } from "./optionsModel.ts";
import { projectsAnswered, projectsFailed, projectsUpdate } from "./projectsUpdate.ts";
import { arranged, pasteFailed, pasteImported, rulesAnswered, rulesChanged, rulesFailed, rulesUpdate } from "./rulesUpdate.ts";
import type { Place } from "./section.ts";
import { shortcutsFailed, shortcutsKnown, shortcutsUpdate } from "./shortcutsUpdate.ts";
import { fileImported, fileImportFailed, transferUpdate } from "./transferUpdate.ts";

/** The page's next model after an event, and what is to be done outside it. */
export function optionsUpdate(model: OptionsModel, event: OptionsEvent): Step {
  switch (event.to) {
    case "page":
      return pageUpdate(model, event);
    case "projects":
      return projectsUpdate(model, event);
    case "rules":
      return rulesUpdate(model, event);
    case "shortcuts":
      return shortcutsUpdate(model, event);
    case "behaviour":
      return behaviourUpdate(model, event);
    case "transfer":
      return transferUpdate(model, event);
  }
}

function pageUpdate(model: OptionsModel, event: PageEvent): Step {
  switch (event.kind) {
    case "go":
      return go(model, event.place);
    case "changed":
      return [known(model, event.state), []];
    case "rulesChanged":
      return [rulesChanged(model, event.change), []];
    case "answered":
      return answered(model, event.answer);
    case "failed":
      return failed(model, event.call, event.error);
    case "lost":
      return [{ ...model, retrying: false, error: event.error }, []];
    case "reload":
      return [{ ...model, error: undefined }, [call({ kind: "state" }), call({ kind: "rules" })]];
    case "retry":
      return model.retrying ? [model, []] : [{ ...model, retrying: true }, [call({ kind: "retry" })]];
    case "dismiss":
      return [{ ...model, error: undefined }, []];
    case "forgetNote":
      return [{ ...model, note: undefined }, []];
    case "grant":
      return [model, [{ kind: "grant" }]];
    case "firstRun":
      return [model, [{ kind: "openFirstRun" }]];
    case "copy":
      return [{ ...model, note: { kind: "copied" } }, [{ kind: "copy", text: event.text }]];
  }
}

function go(model: OptionsModel, { section, pattern, project }: Place): Step {
  const there = { ...model, section, note: section === model.section ? model.note : undefined };
  if (section === "projects" && project !== undefined) return [{ ...there, projects: { ...there.projects, open: project } }, []];
  if (section !== "rules" || (pattern === undefined && project === undefined)) return [there, []];
  const draft = { ...there.rules.draft, ...(pattern !== undefined && { pattern }), project: project ?? there.rules.draft.project, fault: undefined };
  return [{ ...there, rules: { ...there.rules, draft } }, [{ kind: "focus", id: "new-pattern" }]];
}

function known(model: OptionsModel, next: OptionsState): OptionsModel {
  const state: OptionsState = { ...next, ...popupShare(model.state, next), settings: next.settings, unsent: next.unsent };
  const gone = (id: string | undefined): boolean => id !== undefined && !state.projects.some((project) => project.id === id);
  const { projects } = model;
  return arranged({
    ...model,
    state,
    retrying: model.retrying && state.host.kind === "connecting",
    projects: {
      ...projects,
      ...(gone(projects.open) && { open: undefined, typed: undefined, typedFault: undefined }),
      ...(gone(projects.removing) && { removing: undefined }),
      ...(gone(projects.adopting) && { adopting: undefined }),
    },
  });
}

function answered(model: OptionsModel, answer: OptionsAnswer): Step {
  switch (answer.kind) {
    case "state":
      return [known({ ...model, error: undefined }, answer.state), []];
    case "rules":
      return [rulesChanged(model, answer.change), []];
    case "addProject":
    case "updateProject":
    case "removeProject":
      return projectsAnswered(model, answer);
    case "changeRules":
      return rulesAnswered(model, answer.call, answer.put);
    case "applyRules":
      return [{ ...model, note: { kind: "tabsMoved", tabs: answer.moved } }, []];
    case "import": {
      const { from, projects, rules } = answer;
      return from === "paste" ? pasteImported(model, rules) : fileImported(model, { projects, rules: rules.length });
    }
    case "setSettings":
      return [model.state ? sitesSaved({ ...model, state: { ...model.state, settings: answer.settings } }) : model, []];
    case "shortcuts":
      return [shortcutsKnown(model, answer.shortcuts), []];
    case "switched":
      return [model, []];
    case "retried":
      return [{ ...model, retrying: false }, []];
  }
}

function failed(model: OptionsModel, refused: OptionsCall, error: ErrorShape): Step {
  const back = refused.kind === "setSettings" && model.state ? { ...model, state: { ...model.state, settings: refused.before } } : model;
  if (refused.kind === "import") return refused.from === "paste" ? pasteFailed(back, error) : fileImportFailed(back, error);
  if (refused.kind === "changeRules") return rulesFailed(back, refused, error);
  return (
    projectsFailed(back, refused, error) ??
    behaviourFailed(back, refused, error) ??
    shortcutsFailed(back, refused, error) ?? [{ ...back, retrying: false, error }, []]
  );
}

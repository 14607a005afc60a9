import type { ErrorShape } from "../../../shared/errors.ts";
import type { PopupProject } from "../../../shared/protocol/popup.ts";
import type { OptionsAnswer, OptionsCall } from "../options/optionsModel.ts";
import { nameFault } from "../options/projectsUpdate.ts";
import { readRulePattern } from "../options/ruleFault.ts";
import { freshColor } from "../popupRows.ts";
import type { FirstRunEffect, FirstRunEvent, FirstRunModel } from "./firstRunModel.ts";

type Step = readonly [FirstRunModel, readonly FirstRunEffect[]];

/** The page's next model after an event, and what is to be done outside it. */
export function firstRunUpdate(model: FirstRunModel, event: FirstRunEvent): Step {
  switch (event.kind) {
    case "changed":
      return [{ ...model, state: event.state, retrying: model.retrying && event.state.host.kind === "connecting", project: kept(model, event.state.projects) }, []];
    case "rulesChanged":
      return [{ ...model, rules: changed(model.rules, event.change) }, []];
    case "tabs":
      return [{ ...model, tabs: event.urls }, []];
    case "answered":
      return answered(model, event.answer);
    case "failed":
      return failed(model, event.call, event.error);
    case "lost":
      return [{ ...model, retrying: false, error: event.error }, []];
    case "reload":
      return [{ ...model, error: undefined }, [call({ kind: "state" }), call({ kind: "rules" })]];
    case "named":
      return [{ ...model, name: event.name, nameFault: undefined }, []];
    case "color":
      return [{ ...model, color: event.color }, []];
    case "make":
      return make(model);
    case "choose":
      return [{ ...model, project: event.id }, [{ kind: "focus", id: "first-pattern" }]];
    case "another":
      return [{ ...model, project: undefined }, [{ kind: "focus", id: "first-name" }]];
    case "typed":
      return [{ ...model, pattern: event.pattern, patternFault: undefined }, []];
    case "add":
      return add(model, event.pattern);
    case "removeRule":
      return [model, [call({ kind: "changeRules", put: [], remove: [event.id], why: "remove", before: [] })]];
    case "retry":
      return model.retrying ? [model, []] : [{ ...model, retrying: true }, [call({ kind: "retry" })]];
    case "copy":
      return [model, [{ kind: "copy", text: event.text }]];
    case "finish":
      return finish(model, event.adopt);
    case "keep":
      return [{ ...model, adopting: false }, [{ kind: "focus", id: "finish" }]];
  }
}

/** The project that the further steps are about, as it is now. */
export function chosenProject({ state, project }: FirstRunModel): PopupProject | undefined {
  return state?.projects.find(({ id }) => id === project);
}

function kept({ project, making }: FirstRunModel, projects: readonly PopupProject[]): FirstRunModel["project"] {
  // One just made may not have arrived yet.
  return making || projects.some(({ id }) => id === project) ? project : undefined;
}

function changed(rules: FirstRunModel["rules"], change: Extract<FirstRunEvent, { kind: "rulesChanged" }>["change"]): FirstRunModel["rules"] {
  const next = new Map(change.all ? [] : rules);
  for (const rule of change.set) next.set(rule.id, rule);
  for (const id of change.removed) next.delete(id);
  return next;
}

function make(model: FirstRunModel): Step {
  const { state, name, color, making } = model;
  if (!state || making) return [model, []];
  const fault = nameFault(state.projects, name);
  if (fault) return [{ ...model, nameFault: fault }, [{ kind: "focus", id: "first-name" }]];
  const project = { name: name.trim().normalize("NFC"), color: color ?? freshColor(state.projects) };
  return [{ ...model, making: true, error: undefined }, [call({ kind: "addProject", project })]];
}

function add(model: FirstRunModel, typed: string): Step {
  const { project, rules, adding } = model;
  if (project === undefined || adding) return [model, []];
  const read = readRulePattern(rules, { pattern: typed, project });
  if ("fault" in read) return [{ ...model, pattern: typed, patternFault: read.fault }, [{ kind: "focus", id: "first-pattern" }]];
  const put = [{ project, pattern: read.pattern, ask: false }];
  return [{ ...model, adding: true, error: undefined }, [call({ kind: "changeRules", put, remove: [], why: "add", before: [] })]];
}

function finish(model: FirstRunModel, adopt: boolean | undefined): Step {
  const project = chosenProject(model);
  if (!project || model.switching) return [model, []];
  if (project.adoptable && adopt === undefined) return [{ ...model, adopting: true }, []];
  return [
    { ...model, adopting: false, switching: true, error: undefined },
    [call({ kind: "switch", request: { project: project.id, ...(adopt !== undefined && { adopt }) } })],
  ];
}

function answered(model: FirstRunModel, answer: OptionsAnswer): Step {
  switch (answer.kind) {
    case "state":
      return firstRunUpdate({ ...model, error: undefined }, { kind: "changed", state: answer.state });
    case "rules":
      return firstRunUpdate(model, { kind: "rulesChanged", change: answer.change });
    case "addProject": {
      const { id } = answer.project;
      const there = model.state?.projects.some((project) => project.id === id) === true;
      const made = { ...answer.project, tabs: 0, items: null, rules: null, adoptable: false };
      const state = model.state && !there ? { ...model.state, projects: [...model.state.projects, made] } : model.state;
      return [{ ...model, state, project: id, name: "", color: undefined, making: false }, [{ kind: "focus", id: "first-pattern" }]];
    }
    case "changeRules": {
      const rules = changed(model.rules, { all: false, set: [...answer.put], removed: [...answer.call.remove] });
      return [{ ...model, rules, pattern: "", patternFault: undefined, adding: false }, [{ kind: "focus", id: "first-pattern" }]];
    }
    case "switched":
      return [{ ...model, switching: false }, [{ kind: "close" }]];
    case "retried":
      return [{ ...model, retrying: false }, []];
    case "updateProject":
    case "removeProject":
    case "applyRules":
    case "import":
    case "setSettings":
    case "shortcuts":
      return [model, []];
  }
}

function failed(model: FirstRunModel, refused: OptionsCall, error: ErrorShape): Step {
  const fault = { kind: "error", error } as const;
  if (refused.kind === "addProject") return [{ ...model, making: false, nameFault: fault }, [{ kind: "focus", id: "first-name" }]];
  if (refused.kind === "changeRules" && refused.why === "add") {
    const typed = model.pattern === "" ? (refused.put[0]?.pattern ?? "") : model.pattern;
    return [{ ...model, adding: false, pattern: typed, patternFault: fault }, [{ kind: "focus", id: "first-pattern" }]];
  }
  if (refused.kind === "switch" && error.code === "adoptionNeeded") return [{ ...model, switching: false, adopting: true }, []];
  return [{ ...model, switching: false, retrying: false, error }, []];
}

function call(call: OptionsCall): FirstRunEffect {
  return { kind: "call", call };
}

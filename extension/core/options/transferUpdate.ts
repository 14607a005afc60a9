import type { ErrorShape } from "../../../shared/errors.ts";
import { formatRulesText } from "../../../shared/ruleFiles/rulesText.ts";
import { writeSetup } from "../../../shared/ruleFiles/setup.ts";
import { modelPlan } from "./modelPlan.ts";
import { call, type OptionsModel, type Step } from "./optionsModel.ts";
import { ruleRows } from "./ruleRows.ts";
import type { TransferEvent, TransferModel } from "./transferModel.ts";

export function transferUpdate(model: OptionsModel, event: TransferEvent): Step {
  const { state, rules, transfer } = model;
  switch (event.kind) {
    case "export": {
      if (!state || !rules.all) return [model, []];
      const text = writeSetup({ projects: state.projects, rules: sorted(model), settings: state.settings });
      return [model, [{ kind: "download", name: "stead-setup.json", type: "application/json", text }]];
    }
    case "exportRules": {
      if (!state || !rules.all) return [model, []];
      const names = new Map(state.projects.map(({ id, name }) => [id, name]));
      const named = sorted(model).flatMap(({ project, pattern, ask }) => {
        const name = names.get(project);
        return name === undefined ? [] : [{ project: name, pattern, ask }];
      });
      return [model, [{ kind: "download", name: "stead-rules.txt", type: "text/plain", text: formatRulesText(named) }]];
    }
    case "read":
      return [within(model, { file: { name: event.name, text: event.text }, fault: undefined, dragging: false, done: undefined }), [{ kind: "focus", id: "import-report" }]];
    case "unreadable":
      return [within(model, { file: undefined, dragging: false, fault: { kind: "text", name: "optionsFileUnreadable", value: event.name } }), []];
    case "dragging":
      return transfer.dragging === event.over ? [model, []] : [within(model, { dragging: event.over }), []];
    case "cancel":
      return [within(model, { file: undefined, fault: undefined }), [{ kind: "focus", id: "import-file" }]];
    case "import": {
      const plan = transfer.file && modelPlan(model, transfer.file.text);
      if (!plan || "error" in plan || transfer.busy) return [model, []];
      return [within(model, { busy: true, fault: undefined }), [call({ kind: "import", plan, from: "file" })]];
    }
  }
}

export function fileImported(model: OptionsModel, done: { projects: number; rules: number }): Step {
  return [within(model, { file: undefined, busy: false, done }), [{ kind: "focus", id: "import-file" }]];
}

export function fileImportFailed(model: OptionsModel, error: ErrorShape): Step {
  return [within(model, { busy: false, fault: { kind: "error", error } }), []];
}

function sorted({ rules, state }: OptionsModel): ReturnType<typeof ruleRows> {
  return ruleRows(rules.all ?? new Map(), state?.projects ?? [], "", { by: "project", down: false });
}

function within(model: OptionsModel, change: Partial<TransferModel>): OptionsModel {
  return { ...model, transfer: { ...model.transfer, ...change } };
}

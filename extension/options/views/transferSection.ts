import { h, type VNode } from "snabbdom";
import { modelPlan } from "../../core/options/modelPlan.ts";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { faultView } from "../../ui/fields.ts";
import { button } from "../../ui/parts.ts";
import { counted, text } from "../../ui/text.ts";
import { card, type Send } from "./parts.ts";
import { planView } from "./planView.ts";

export function transferSection(model: OptionsModel, send: Send): VNode {
  return h("div.section", { key: "transfer" }, [exportCard(send), importCard(model, send)]);
}

function exportCard(send: Send): VNode {
  return card("export", text("optionsExport"), [
    h("p.hint", text("optionsExportHint")),
    h("div.buttons.start", [
      button(".primary", text("optionsExportAll"), () => send({ to: "transfer", kind: "export" })),
      button(".quiet", text("optionsExportRules"), () => send({ to: "transfer", kind: "exportRules" })),
    ]),
  ]);
}

function importCard(model: OptionsModel, send: Send): VNode {
  const { file, fault, dragging, done } = model.transfer;
  return card("import", text("optionsImport"), [
    h("p.hint", { attrs: { id: "import-hint" } }, text("optionsImportHint")),
    h(
      "div.drop",
      {
        class: { dragging },
        on: {
          dragover: (event) => {
            event.preventDefault();
            send({ to: "transfer", kind: "dragging", over: true });
          },
          dragleave: () => send({ to: "transfer", kind: "dragging", over: false }),
          drop: (event) => {
            event.preventDefault();
            read(event.dataTransfer?.files[0], send);
          },
        },
      },
      [
        h("input.unseen", {
          attrs: { id: "import-file", type: "file", accept: ".json,.txt,.csv,text/plain,application/json", "aria-describedby": "import-hint import-fault" },
          on: {
            change: (event) => {
              if (!(event.target instanceof HTMLInputElement)) return;
              read(event.target.files?.[0], send);
              // The same file may be chosen again once it has been mended.
              event.target.value = "";
            },
          },
        }),
        h("label.button", { attrs: { for: "import-file" } }, text("optionsChooseFile")),
        h("span.muted", { attrs: { "aria-hidden": "true" } }, text("optionsDropFile")),
      ],
    ),
    faultView("import-fault", fault),
    h("div.import-done", { attrs: { role: "status" } }, done && [h("p", `${text("optionsImported")} ${counted("optionsRuleCount", done.rules)}, ${counted("optionsProjectCount", done.projects)}`)]),
    file && report(file, model, send),
  ]);
}

function report(file: { name: string; text: string }, model: OptionsModel, send: Send): VNode {
  const plan = modelPlan(model, file.text);
  const nothing = !plan || "error" in plan || (plan.put.length === 0 && plan.projects.length === 0 && plan.changes.length === 0);
  return h("div.report", { key: "report", attrs: { id: "import-report", tabindex: -1, role: "group", "aria-labelledby": "report-title" } }, [
    h("h3", { attrs: { id: "report-title" } }, [text("optionsReportTitle"), " ", h("bdi", file.name)]),
    h("p.hint", text("optionsReportHint")),
    ...(plan ? planView(plan, file.text) : []),
    h("div.buttons", [
      button(".quiet", text("cancel"), () => send({ to: "transfer", kind: "cancel" })),
      button(".primary", text("optionsImportNow"), () => send({ to: "transfer", kind: "import" }), { disabled: nothing, "aria-busy": String(model.transfer.busy) }),
    ]),
  ]);
}

function read(file: File | undefined, send: Send): void {
  if (!file) {
    send({ to: "transfer", kind: "dragging", over: false });
    return;
  }
  file.text().then(
    (content) => send({ to: "transfer", kind: "read", name: file.name, text: content }),
    () => send({ to: "transfer", kind: "unreadable", name: file.name }),
  );
}

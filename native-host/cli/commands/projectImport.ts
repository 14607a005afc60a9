import { randomUUID } from "node:crypto";
import { planSetup, type ExternalWords, type SettingChange } from "../../../shared/ruleFiles/planSetup.ts";
import { readSetup } from "../../../shared/ruleFiles/setup.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { readTextFile } from "../readTextFile.ts";
import { takeOver } from "../takeOver.ts";
import { counted } from "../tallyNotes.ts";
import { withTallies } from "../withTallies.ts";

/**
 * `stead project import`: projects, rules and settings of a document that project export wrote, all of it or nothing. Throws
 * `fileUnreadable`, `fileFormat`, `tooLarge`.
 */
export async function importProjects(context: CliContext, file: string): Promise<Answer> {
  const text = await readTextFile(context, file);
  const store = await context.store();
  const { projects } = store.registry();
  const before = new Set(store.rules().map(({ id }) => id));
  const plan = planSetup(readSetup(text, projects), { projects, settings: store.settings(), makeId: randomUUID });
  const rules = takeOver(store, plan);

  const made = plan.projects.map(({ name }) => name);
  const added = new Set(rules.map(({ id }) => id).filter((id) => !before.has(id))).size;
  const answer: Answer = {
    json: { projects: made, rules: { added, present: rules.length - added }, settings: plan.changes },
    text: [
      made.length > 0 ? `Made ${counted(made.length, "project")}: ${made.join(", ")}.` : "Every project was there.",
      `Added ${counted(added, "rule")}; ${rules.length - added} were there.`,
      ...plan.changes.map(changeLine),
    ].join("\n"),
  };
  return withTallies(answer, (await context.poke(store.revision())).failed);
}

function changeLine(change: SettingChange): string {
  if (change.kind === "external") return `Links from other programs: ${externalWords(change.to)} (before: ${externalWords(change.from)}).`;
  const parts = [
    ...(change.added.length > 0 ? [`added ${change.added.join(", ")}`] : []),
    ...(change.removed.length > 0 ? [`removed ${change.removed.join(", ")}`] : []),
  ];
  return `${settingNames[change.kind]}: ${parts.join("; ")}.`;
}

function externalWords(external: ExternalWords): string {
  return external.kind === "project" ? `open in ${external.project}` : externalKinds[external.kind];
}

const externalKinds = { stay: "open without a project", ask: "ask", active: "open in the active project" };

const settingNames = {
  inherit: "Sites that stay in the project that called them",
  strict: "Projects in which only their own sites open",
  answers: "Remembered answers",
};

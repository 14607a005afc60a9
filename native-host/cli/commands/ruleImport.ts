import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { SteadError } from "../../../shared/errors.ts";
import type { Tally } from "../../../shared/models.ts";
import { isRuleFormat, type ReadRules, readRules, type RuleFormat, ruleFormats, type Skipped } from "../../../shared/ruleFiles/index.ts";
import { planRules } from "../../../shared/ruleFiles/planRules.ts";
import { noProject } from "../../../shared/ruleFiles/rulesText.ts";
import { mergeTallies } from "../../actions/mergeTallies.ts";
import { withApplied } from "../applyRules.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { readTextFile } from "../readTextFile.ts";
import { takeOver } from "../takeOver.ts";
import { counted } from "../tallyNotes.ts";
import { withTallies } from "../withTallies.ts";

export interface RuleImportOptions {
  /** A path, the directory of a Firefox profile among them, or `-` for stdin. */
  file: string;
  /** The project of lines that name none. */
  project?: string;
  format?: string;
  apply?: boolean;
}

type Found = ReadRules & { format: RuleFormat };

/**
 * `stead rule import`: the rules of a file, with the projects that it names and that are not there. What cannot be a rule is
 * named and stops no other; exit status 3. Throws `usage`, `unknownProject`, `fileUnreadable`, `fileFormat`, `tooLarge`,
 * `conflict`.
 */
export async function importRules(context: CliContext, options: RuleImportOptions): Promise<Answer> {
  const format = readFormat(options.format);
  const project = options.project === undefined ? undefined : (await context.project(options.project)).name;
  const found = await readAll(context, { file: options.file, format, project });
  const read = merge(found);
  if (read.rules.length === 0 && read.skipped.length > 0 && read.skipped.every(({ reason }) => reason === noProject)) {
    throw new SteadError("usage", "The file names no projects: say with --project where its rules belong.");
  }

  const store = await context.store();
  const { projects } = store.registry();
  const { strict } = store.settings();
  const plan = planRules(read, { projects, rules: store.rules(), strict }, randomUUID);
  const rules = takeOver(store, { ...plan, settings: plan.strict.length > 0 ? { strict: [...strict, ...plan.strict] } : {} });

  const made = plan.projects.map(({ name }) => name);
  const becameStrict = plan.strict.flatMap((id) => [...projects, ...plan.projects].find((one) => one.id === id)?.name ?? []);
  const json = {
    imported: rules.length, skipped: read.skipped, notes: read.notes, projects: made, strict: becameStrict, formats: found.map((one) => one.format),
  };
  const answer: Answer = {
    json,
    text: [
      `Imported ${counted(rules.length, "rule")}.`,
      ...(made.length > 0 ? [`Made ${counted(made.length, "project")}: ${made.join(", ")}.`] : []),
      ...(becameStrict.length > 0 ? [`Only their own sites open in: ${becameStrict.join(", ")}.`] : []),
    ].join("\n"),
    notes: [...read.notes.map(noteLine), ...read.skipped.map(skippedLine)],
    exit: read.skipped.length > 0 ? 3 : 0,
  };
  const told = withTallies(answer, (await context.poke(store.revision())).failed);
  return options.apply === true ? withApplied(context, { ...told, json }, rules.map(({ id }) => id)) : told;
}

async function readAll(context: CliContext, { file, format, project }: { file: string; format: RuleFormat | undefined; project: string | undefined }): Promise<Found[]> {
  const isDirectory = file !== "-" && (await stat(file).catch(() => undefined))?.isDirectory() === true;
  if (isDirectory) return (await import("../../import/profileRules.ts")).readProfileRules(file, format);
  return [readRules(await readTextFile(context, file), { format, project })];
}

/** Both add-ons of a profile, as one. */
function merge(found: readonly Found[]): ReadRules {
  return {
    rules: found.flatMap(({ rules }) => rules),
    containers: found.flatMap(({ containers }) => containers),
    strict: found.flatMap(({ strict }) => strict),
    skipped: found.flatMap(({ skipped }) => skipped),
    notes: mergeTallies(found.flatMap(({ notes }) => notes)),
  };
}

function noteLine({ reason, count }: Tally): string {
  return `Note: ${reason} (${count})`;
}

function skippedLine({ line, reason }: Skipped): string {
  return `Left out: ${line === null ? "" : `line ${line}: `}${reason}`;
}

function readFormat(name: string | undefined): RuleFormat | undefined {
  if (name === undefined || isRuleFormat(name)) return name;
  throw new SteadError("usage", `--format expects one of ${ruleFormats.join(", ")}; ${JSON.stringify(name)} is none of them.`);
}

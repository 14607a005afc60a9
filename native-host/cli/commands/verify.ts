import { join } from "node:path";
import { asWriteError } from "../../files.ts";
import type { NamedDamage } from "../../store/types.ts";
import { writeDraft } from "../../backup/writeNewFile.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { counted } from "../tallyNotes.ts";
import { withTallies } from "../withTallies.ts";

/**
 * `stead verify`: exit status 1 when something is damaged. With `repair` the damaged rows go to a file, only then out of the store,
 * and connected Firefoxes are told: exit status 3, or 1 for what is damaged still. Makes no store where there is none.
 */
export async function verify(context: CliContext, options: { repair?: boolean | undefined }): Promise<Answer> {
  if (!(await context.storeIsFounded())) return { json: { items: 0, damaged: [] }, text: "There is no store yet." };
  const store = await context.store();
  const { items, damaged } = store.examine();
  if (damaged.length === 0) store.recordAccess({ by: "cli", action: "verify", count: items });
  if (damaged.length === 0) return { json: { items, damaged }, text: `${counted(items, "item")} read and authenticated; nothing is damaged.` };
  const lines = [`${counted(items, "item")} read; damaged: ${damaged.length}`, ...damaged.map(describe)];
  if (options.repair !== true) {
    return { json: { items, damaged }, text: [...lines, "Run stead verify --repair to save the rest."].join("\n"), exit: 1 };
  }
  let file: string | undefined;
  const remaining = store.repair((rows) => {
    file = quarantine(context, JSON.stringify({ stead: "quarantine", version: 1, store: store.id, rows }));
  });
  const left = remaining.length > 0 ? [`Still damaged: ${remaining.length}. Restore a backup with stead backup restore --force.`, ...remaining.map(describe)] : [];
  const answer: Answer = {
    json: { items, damaged, quarantine: file ?? null, remaining },
    text: [...lines, ...(file === undefined ? [] : [`Taken out, or put right; as it was found it is in ${file}`]), ...left].join("\n"),
  };
  return { ...withTallies(answer, (await context.poke(store.revision())).failed), exit: remaining.length > 0 ? 1 : 3 };
}

/** A file of mode 0600 beside the store, on disk when this returns. */
function quarantine(context: CliContext, text: string): string {
  const file = join(context.home.data, `quarantine-${new Date(context.now()).toISOString().replace(/[:.]/g, "-")}.json`);
  try {
    writeDraft(file, [Buffer.from(text)]);
    return file;
  } catch (error) {
    throw asWriteError(error, file);
  }
}

function describe({ project, kind, revision }: NamedDamage): string {
  return `  ${project ?? "no project"}  ${kind}${revision === null ? "" : `  revision ${revision}`}`;
}

import { SteadError } from "../../../shared/errors.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { newPassphrase } from "../newPassphrase.ts";
import { counted } from "../tallyNotes.ts";

/** `stead backup`: the passphrase is the backup's own, asked twice at a terminal. Throws `fileExists` without `force`. */
export async function backup(context: CliContext, options: { file?: string | undefined; force?: boolean | undefined }): Promise<Answer> {
  if (options.file === undefined || options.file === "") throw new SteadError("usage", "A file to write the backup to was expected.");
  const { file, items } = await context.makeBackup({
    file: options.file,
    force: options.force === true,
    passphrase: () => newPassphrase(context, "New passphrase for this backup"),
  });
  return { json: { file, items, verified: true }, text: `Wrote ${file}: ${counted(items, "item")}, all opened again with its passphrase.` };
}

import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { expectPassphrase, newPassphrase } from "../newPassphrase.ts";
import { counted } from "../tallyNotes.ts";
import { tellVaultChanged } from "../tellVaultChanged.ts";

/**
 * `stead backup restore`: nothing changes before all of the file was opened. Where the key source of this machine is a passphrase,
 * a new one is asked for after that of the backup. Hosts are told; exit status 3 when one could not be.
 */
export async function restoreBackup(context: CliContext, options: { file: string; force: boolean }): Promise<Answer> {
  const { file, items, kept } = await context.restoreBackup({
    ...options,
    passphrase: async () => expectPassphrase(await context.secret("Passphrase of the backup")),
    vaultPassphrase: () => newPassphrase(context, "New passphrase for the vault"),
  });
  const lines = [`Restored ${counted(items, "item")} from ${file}.`, ...(kept === undefined ? [] : [`The store that was there is kept in ${kept}.`])];
  return tellVaultChanged(context, { json: { file, items, verified: true, kept: kept ?? null }, text: lines.join("\n") });
}

import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { tellVaultChanged } from "../tellVaultChanged.ts";

/** `stead lock`. Exit status 3 when a host could not be told and may hold its keys still. */
export async function lock(context: CliContext): Promise<Answer> {
  const vault = await context.lock();
  return tellVaultChanged(context, { json: { vault }, text: `The vault is ${vault.state} (${vault.source}).` });
}

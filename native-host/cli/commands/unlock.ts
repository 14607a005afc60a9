import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { expectPassphrase, newPassphrase } from "../newPassphrase.ts";
import { tellVaultChanged } from "../tellVaultChanged.ts";

/** `stead unlock`: a passphrase comes from the terminal or stdin, never from the arguments. Throws `keyWrong`, `keyUnavailable`, `usage`. */
export async function unlock(context: CliContext): Promise<Answer> {
  const vault = await context.unlock(() => readPassphrase(context));
  return tellVaultChanged(context, { json: { vault }, text: `The vault is ${vault.state} (${vault.source}).` });
}

async function readPassphrase(context: CliContext): Promise<string> {
  if (!(await context.storeIsFounded())) return newPassphrase(context, "New passphrase for the vault");
  return expectPassphrase(await context.secret("Passphrase of the vault"));
}

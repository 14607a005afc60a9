import { SteadError } from "../../../shared/errors.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { tellVaultChanged } from "../tellVaultChanged.ts";

/** `stead unlock`: a passphrase comes from the terminal or stdin, never from the arguments. Throws `keyWrong`, `keyUnavailable`, `usage`. */
export async function unlock(context: CliContext): Promise<Answer> {
  const vault = await context.unlock(() => readPassphrase(context));
  return tellVaultChanged(context, { json: { vault }, text: `The vault is ${vault.state} (${vault.source}).` });
}

async function readPassphrase(context: CliContext): Promise<string> {
  const isNew = !(await context.storeIsFounded());
  const passphrase = await context.secret(isNew ? "New passphrase for the vault" : "Passphrase of the vault");
  if (passphrase === "") throw new SteadError("usage", "A passphrase was expected; nothing came.", { hint: "Type it at the prompt, or give it as one line on stdin." });
  // Nothing could tell a slip of the finger later: the store would be sealed with it.
  if (isNew && context.terminal && (await context.secret("The same passphrase again")) !== passphrase) {
    throw new SteadError("usage", "The two passphrases differ.", { hint: "Run stead unlock again; nothing was changed." });
  }
  return passphrase;
}

import { SteadError } from "../../shared/errors.ts";
import type { CliContext } from "./cliContext.ts";

/** A passphrase that is chosen now: asked for twice at a terminal, one line of stdin elsewhere. Throws `usage`. */
export async function newPassphrase(context: CliContext, question: string): Promise<string> {
  const passphrase = expectPassphrase(await context.secret(question));
  // Nothing could tell a slip of the finger later.
  if (context.terminal && (await context.secret("The same passphrase again")) !== passphrase) {
    throw new SteadError("usage", "The two passphrases differ.", { hint: "Run the command again; nothing was changed." });
  }
  return passphrase;
}

/** Throws `usage` when nothing came. */
export function expectPassphrase(passphrase: string): string {
  if (passphrase !== "") return passphrase;
  throw new SteadError("usage", "A passphrase was expected; nothing came.", { hint: "Type it at the prompt, or give it as one line on stdin." });
}

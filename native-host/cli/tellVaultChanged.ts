import { SteadError } from "../../shared/errors.ts";
import type { CliContext } from "./cliContext.ts";
import type { Answer } from "./context.ts";

/** Tells every host that the vault was locked or unlocked; one that did not take it is named, with exit status 3. */
export async function tellVaultChanged(context: CliContext, answer: Answer): Promise<Answer> {
  const notes = await Promise.all(
    (await context.hosts()).map(async ({ peer, instance }) => {
      try {
        await peer.call("vault.changed", {}, { timeoutMs: 5000 });
        return [];
      } catch (error) {
        if (!(error instanceof SteadError)) throw error;
        return [`The host of ${instance?.instance ?? "an unnamed Firefox profile"} was not told: ${error.message}`];
      }
    }),
  );
  const untold = notes.flat();
  return untold.length === 0 ? answer : { ...answer, notes: untold, exit: 3 };
}

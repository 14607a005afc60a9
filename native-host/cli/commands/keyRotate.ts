import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { newPassphrase } from "../newPassphrase.ts";
import { counted } from "../tallyNotes.ts";

/**
 * `stead key rotate`: a new root key, new data keys, and everything sealed anew; one that was cut short is carried on. Where the
 * source is a passphrase, a new one is asked for. Exit status 3 when something did not open and could not be sealed anew.
 */
export async function rotateKey(context: CliContext): Promise<Answer> {
  const { epoch, rewrapped, resealed, damaged } = await context.rotateKey(() => newPassphrase(context, "New passphrase for the vault"));
  // Every host takes over the new keys, and forgets the old ones.
  await context.poke((await context.store()).revision());
  const notes = damaged > 0 ? [`Left as it was: damaged (${damaged}); its old key is kept. Run stead verify.`] : [];
  return {
    json: { epoch, rewrapped, resealed, damaged },
    text: `The keys are of epoch ${epoch}: ${counted(rewrapped, "data key")} wrapped, ${counted(resealed, "record")} sealed anew.`,
    notes,
    exit: damaged > 0 ? 3 : 0,
  };
}

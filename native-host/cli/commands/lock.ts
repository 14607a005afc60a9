import { SteadError } from "../../../shared/errors.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { formatDuration, readDuration } from "../duration.ts";
import { tellVaultChanged } from "../tellVaultChanged.ts";

export interface LockOptions {
  /** Locks by itself after so long without use, from now on, instead of now. */
  after?: string | undefined;
  never?: boolean | undefined;
}

/** `stead lock`. Exit status 3 when a host could not be told and may hold its keys still. */
export async function lock(context: CliContext, { after, never }: LockOptions): Promise<Answer> {
  if (after !== undefined || never === true) return setAutoLock(context, after, never === true);
  const vault = await context.lock();
  return tellVaultChanged(context, { json: { vault }, text: `The vault is ${vault.state} (${vault.source}).` });
}

async function setAutoLock(context: CliContext, after: string | undefined, never: boolean): Promise<Answer> {
  if (after !== undefined && never) throw new SteadError("usage", "--after and --never exclude each other.");
  const vault = await context.autoLock(after === undefined ? null : readDuration(after, "--after"));
  const autoLock = vault.autoLock ?? null;
  const text = autoLock === null ? "The vault does not lock itself." : `The vault locks itself after ${formatDuration(autoLock)} without use.`;
  return tellVaultChanged(context, { json: { vault: { ...vault, autoLock } }, text });
}

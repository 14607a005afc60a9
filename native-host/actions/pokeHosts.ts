import { SteadError } from "../../shared/errors.ts";
import type { Tally } from "../../shared/models.ts";
import type { HostLink } from "../host/link.ts";
import { mergeTallies } from "./mergeTallies.ts";

/** How long a host may take to bring its Firefox to a revision, in milliseconds. */
const pokeTimeoutMs = 30_000;

/** Tells hosts how far the store is and waits until their Firefoxes are there; what could not be applied is counted. */
export async function pokeHosts(links: readonly HostLink[], revision: number): Promise<Tally[]> {
  return mergeTallies((await Promise.all(links.map((link) => poke(link, revision)))).flat());
}

/** A Firefox that cannot be told now catches up at its next connection: counted, no failure. */
async function poke({ peer }: HostLink, revision: number): Promise<Tally[]> {
  try {
    const { failed } = await peer.call("poke", { revision }, { timeoutMs: pokeTimeoutMs });
    return failed;
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    return [{ reason: `a Firefox profile did not answer (${error.code}); it catches up when it connects again`, count: 1 }];
  }
}

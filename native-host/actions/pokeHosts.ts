import { SteadError } from "../../shared/errors.ts";
import type { Delivery } from "../host/delivery.ts";
import type { HostLink } from "../host/link.ts";
import { mergeTallies } from "./mergeTallies.ts";

/** How long a host may take to bring its Firefox to a revision, in milliseconds. */
const pokeTimeoutMs = 30_000;

/** Tells hosts how far the store is and waits until their Firefoxes are there. */
export async function pokeHosts(links: readonly HostLink[], revision: number): Promise<Delivery> {
  const told = await Promise.all(links.map((link) => poke(link, revision)));
  return { failed: mergeTallies(told.flatMap(({ failed }) => failed)), waiting: told.reduce((sum, { waiting }) => sum + waiting, 0) };
}

/** A Firefox that cannot be told now catches up at its next connection: counted, no failure. */
async function poke({ peer }: HostLink, revision: number): Promise<Delivery> {
  try {
    const { failed, waiting = 0 } = await peer.call("poke", { revision }, { timeoutMs: pokeTimeoutMs });
    return { failed, waiting };
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    return { failed: [{ reason: `a Firefox profile did not answer (${error.code}); it catches up when it connects again`, count: 1 }], waiting: 0 };
  }
}

import { type ErrorShape, toErrorShape } from "../../shared/errors.ts";
import type { Peer } from "../../shared/wire/peer.ts";
import type { Table } from "../../shared/wire/table.ts";

export interface ReconnectingOptions<Serves extends Table, Calls extends Table> {
  connect: () => Peer<Serves, Calls>;
  /** Asks anew for what the page shows, after the connection was lost and made again; rejects when it cannot. */
  refresh: (peer: Peer<Serves, Calls>) => Promise<void>;
  /** The background page went away and could not be reached again; the next call tries anew. */
  lost: (error: ErrorShape) => void;
}

/** How long a page waits for an answer of the background page, in milliseconds. */
export const callTimeoutMs = 30_000;
const waitsBeforeReconnectingMs = [0, 200, 1000];

/**
 * A page's connection to the background page, made when first asked for. Firefox may put the background page to sleep
 * under an open page: connecting wakes it.
 */
export function reconnecting<Serves extends Table, Calls extends Table>(options: ReconnectingOptions<Serves, Calls>): () => Peer<Serves, Calls> {
  let peer: Peer<Serves, Calls> | undefined;
  let reconnections = 0;
  return connected;

  function connected(): Peer<Serves, Calls> {
    if (peer) return peer;
    const mine = options.connect();
    peer = mine;
    void mine.closed.then((reason) => {
      peer = undefined;
      const wait = waitsBeforeReconnectingMs[reconnections++];
      if (wait === undefined) giveUp(reason);
      else setTimeout(() => void refresh(), wait);
    });
    return mine;
  }

  async function refresh(): Promise<void> {
    const mine = connected();
    try {
      await options.refresh(mine);
      reconnections = 0;
    } catch (error) {
      // When it closed again, that is dealt with above.
      if (peer === mine) giveUp(error);
    }
  }

  function giveUp(error: unknown): void {
    reconnections = 0;
    options.lost(toErrorShape(error));
  }
}

import type { ErrorShape } from "../../shared/errors.ts";
import { optionsEvents, optionsMethods, type OptionsState } from "../../shared/protocol/options.ts";
import type { RulesChange } from "../../shared/protocol/store.ts";
import type { Channel } from "../../shared/wire/channel.ts";
import { Peer } from "../../shared/wire/peer.ts";
import { callTimeoutMs, reconnecting } from "../ui/reconnecting.ts";

export interface BackgroundOptions {
  connect: () => Channel;
  version: string;
  changed: (state: OptionsState) => void;
  rulesChanged: (change: RulesChange) => void;
  /** The background page went away and could not be reached again; the next call tries anew. */
  lost: (error: ErrorShape) => void;
}

export type OptionsPeer = Peer<typeof optionsEvents, typeof optionsMethods>;

/** The background page as the options and the first-run page call it. */
export function background(options: BackgroundOptions): () => OptionsPeer {
  return reconnecting({
    connect: () => connect(options),
    refresh: async (peer) => {
      options.changed(await peer.call("options.state", {}, limit));
      options.rulesChanged(await peer.call("rules", {}, limit));
    },
    lost: options.lost,
  });
}

export const limit = { timeoutMs: callTimeoutMs };

function connect({ connect, version, changed, rulesChanged }: BackgroundOptions): OptionsPeer {
  return new Peer({
    channel: connect(),
    side: "page",
    version,
    serves: optionsEvents,
    handlers: {
      changed: (state) => {
        changed(state);
        return {};
      },
      rulesChanged: (change) => {
        rulesChanged(change);
        return {};
      },
    },
    calls: optionsMethods,
  });
}

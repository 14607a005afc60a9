import { type ErrorShape, toErrorShape } from "../../shared/errors.ts";
import { backgroundMethods, popupMethods, type PopupState } from "../../shared/protocol/popup.ts";
import type { Channel } from "../../shared/wire/channel.ts";
import { Peer } from "../../shared/wire/peer.ts";
import type { PopupAnswer, PopupCall } from "../core/popupModel.ts";

export interface BackgroundOptions {
  connect: () => Channel;
  version: string;
  changed: (state: PopupState) => void;
  /** The background page went away and could not be reached again; the next call tries anew. */
  lost: (error: ErrorShape) => void;
}

/** The background page as the popup calls it. Firefox may put it to sleep under an open popup: connecting wakes it. */
export interface Background {
  /** Rejects with a SteadError. */
  perform(call: PopupCall): Promise<PopupAnswer>;
}

const callTimeoutMs = 30_000;
const waitsBeforeReconnectingMs = [0, 200, 1000];

export function background(options: BackgroundOptions): Background {
  let peer: PopupPeer | undefined;
  let reconnections = 0;
  return { perform: (call) => perform(connected(), call) };

  function connected(): PopupPeer {
    if (peer) return peer;
    const mine = connect(options);
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
      options.changed(await mine.call("state", {}, { timeoutMs: callTimeoutMs }));
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

type PopupPeer = Peer<typeof popupMethods, typeof backgroundMethods>;

function connect({ connect, version, changed }: BackgroundOptions): PopupPeer {
  return new Peer({
    channel: connect(),
    side: "popup",
    version,
    serves: popupMethods,
    handlers: {
      changed: (state) => {
        changed(state);
        return {};
      },
    },
    calls: backgroundMethods,
  });
}

async function perform(peer: PopupPeer, call: PopupCall): Promise<PopupAnswer> {
  const limit = { timeoutMs: callTimeoutMs };
  switch (call.kind) {
    case "state":
      return { kind: "state", state: await peer.call("state", {}, limit) };
    case "switch":
      await peer.call("switch", call.request, limit);
      return { kind: "switched" };
    case "add":
      return { kind: "added", project: (await peer.call("project.add", call.project, limit)).project, bind: call.bind };
    case "update":
      return { kind: "updated", project: (await peer.call("project.update", { id: call.id, patch: call.patch }, limit)).project };
    case "remove":
      return { kind: "removed", name: (await peer.call("project.remove", { id: call.id }, limit)).removed.name };
    case "unbind":
      await peer.call("window.unbind", {}, limit);
      return { kind: "unbound" };
    case "retry":
      await peer.call("host.retry", {}, limit);
      return { kind: "retried" };
  }
}

import type { ErrorShape } from "../../shared/errors.ts";
import { backgroundMethods, popupMethods, type PopupState } from "../../shared/protocol/popup.ts";
import type { Channel } from "../../shared/wire/channel.ts";
import { Peer } from "../../shared/wire/peer.ts";
import type { PopupAnswer, PopupCall } from "../core/popupModel.ts";
import { callTimeoutMs, reconnecting } from "../ui/reconnecting.ts";

export interface BackgroundOptions {
  connect: () => Channel;
  version: string;
  changed: (state: PopupState) => void;
  /** The background page went away and could not be reached again; the next call tries anew. */
  lost: (error: ErrorShape) => void;
}

/** The background page as the popup calls it. */
export interface Background {
  /** Rejects with a SteadError. */
  perform(call: PopupCall): Promise<PopupAnswer>;
}

export function background(options: BackgroundOptions): Background {
  const peer = reconnecting({
    connect: () => connect(options),
    refresh: async (peer) => options.changed(await peer.call("state", {}, limit)),
    lost: options.lost,
  });
  return { perform: (call) => perform(peer(), call) };
}

const limit = { timeoutMs: callTimeoutMs };
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
    case "reopen":
      await peer.call("page.reopen", { tab: call.tab, project: call.project }, limit);
      return { kind: "reopened" };
    case "addRule": {
      const { rule, moved } = await peer.call("rule.add", { rule: call.rule, apply: call.apply }, limit);
      return { kind: "ruled", pattern: rule.pattern, project: call.name, moved };
    }
    case "takeBack":
      await peer.call("lease.revoke", { project: call.id }, limit);
      return { kind: "takenBack", name: call.name, holder: call.holder };
    case "dismissConflict":
      await peer.call("conflict.dismiss", { project: call.project, revision: call.revision }, limit);
      return { kind: "conflictDismissed" };
    case "dismissNotice":
      await peer.call("notice.dismiss", {}, limit);
      return { kind: "noticeDismissed" };
  }
}

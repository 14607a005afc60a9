import type { ErrorShape } from "../../shared/errors.ts";
import { pageEvents, pageMethods, type PageState } from "../../shared/protocol/page.ts";
import type { Channel } from "../../shared/wire/channel.ts";
import { Peer } from "../../shared/wire/peer.ts";
import type { PageCall, PageResult } from "../core/page/pageModel.ts";
import { callTimeoutMs, reconnecting } from "../ui/reconnecting.ts";

export interface BackgroundOptions {
  connect: () => Channel;
  version: string;
  /** Which question is shown; empty while there is none. */
  question: () => string;
  changed: (state: PageState) => void;
  /** The background page went away and could not be reached again; the next call tries anew. */
  lost: (error: ErrorShape) => void;
}

/** The background page as a page of ours calls it. */
export interface Background {
  /** Rejects with a SteadError. */
  perform(call: PageCall): Promise<PageResult>;
}

export function background(options: BackgroundOptions): Background {
  const peer = reconnecting({
    connect: () => connect(options),
    refresh: async (peer) => {
      const id = options.question();
      if (id !== "") options.changed(await peer.call("page.state", { id }, limit));
    },
    lost: options.lost,
  });
  return { perform: (call) => perform(peer(), call) };
}

const limit = { timeoutMs: callTimeoutMs };
type PagePeer = Peer<typeof pageEvents, typeof pageMethods>;

function connect({ connect, version }: BackgroundOptions): PagePeer {
  return new Peer({ channel: connect(), side: "page", version, serves: pageEvents, handlers: {}, calls: pageMethods });
}

async function perform(peer: PagePeer, call: PageCall): Promise<PageResult> {
  switch (call.kind) {
    case "state":
      return { kind: "state", state: await peer.call("page.state", { id: call.id }, limit) };
    case "link":
      return { kind: "link", id: (await peer.call("page.link", { link: call.link, keep: call.keep }, limit)).id };
    case "answer":
      await peer.call("page.answer", { id: call.id, answer: call.answer, keep: call.keep }, limit);
      return { kind: "answered" };
  }
}

import { Peer } from "../../shared/wire/peer.ts";
import type { Handlers, Table } from "../../shared/wire/table.ts";
import { portChannel } from "./portChannel.ts";
import { webext } from "./webext.ts";

export interface OpenPagesOptions<Serves extends Table, Calls extends Table> {
  serves: Serves;
  calls: Calls;
  handlers: () => Handlers<Serves>;
  /** What they show may have changed. */
  tell: (peers: Iterable<Peer<Serves, Calls>>) => Promise<void>;
}

/** Stead's pages of one kind that are open, each at the other end of its port. */
export class OpenPages<Serves extends Table, Calls extends Table> {
  readonly peers = new Set<Peer<Serves, Calls>>();
  readonly #options: OpenPagesOptions<Serves, Calls>;
  #telling = false;

  constructor(options: OpenPagesOptions<Serves, Calls>) {
    this.#options = options;
  }

  accept(port: browser.runtime.Port): void {
    const { serves, calls, handlers } = this.#options;
    const version = webext.runtime.getManifest().version;
    const peer = new Peer({ channel: portChannel(port), side: "background", version, serves, handlers: handlers(), calls });
    this.peers.add(peer);
    void peer.closed.then(() => this.peers.delete(peer));
  }

  /** Several changes in one turn are told once. */
  changed(): void {
    if (this.peers.size === 0 || this.#telling) return;
    this.#telling = true;
    setTimeout(() => {
      this.#telling = false;
      this.#options.tell(this.peers).catch((error: unknown) => console.error("Stead could not tell its pages what changed", error));
    }, 0);
  }
}

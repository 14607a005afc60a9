import { SteadError, toErrorShape } from "../../shared/errors.ts";
import { extensionMethods, hostMethods } from "../../shared/protocol/extensionHost.ts";
import type { HostState } from "../../shared/protocol/popup.ts";
import { chunked } from "../../shared/wire/chunks.ts";
import { Peer } from "../../shared/wire/peer.ts";
import type { Handlers, MethodName, Params, Result } from "../../shared/wire/table.ts";
import { retryDelay } from "../core/retryDelay.ts";
import { portChannel } from "./portChannel.ts";
import { webext } from "./webext.ts";

type HostPeer = Peer<typeof extensionMethods, typeof hostMethods>;

export interface HostEvents {
  handlers: Handlers<typeof extensionMethods>;
  /** The handshake is done: say who this is and set the state. Throwing marks the connection as failed. */
  onConnected(): Promise<void>;
  onChange(): void;
}

/**
 * The connection to the native host. An open native port keeps the event page awake; while there is none, the page
 * sleeps and its next waking tries again.
 */
export class HostConnection {
  #state: HostState = { kind: "connecting" };
  #peer: HostPeer | undefined;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #events: HostEvents;

  constructor(events: HostEvents) {
    this.#events = events;
  }

  get state(): HostState {
    return this.#state;
  }

  /** Whether state can travel: connected, and the vault is open. */
  get live(): boolean {
    return this.#state.kind === "connected" && this.#state.vault.state === "unlocked";
  }

  setState(state: HostState): void {
    this.#state = state;
    this.#events.onChange();
  }

  /** Connects unless there is a connection; `now` forgets how often it failed before. */
  connect(now = false): void {
    if (this.#peer) return;
    clearTimeout(this.#timer);
    if (now) this.#failures = 0;
    const peer: HostPeer = new Peer({
      channel: chunked(portChannel(webext.runtime.connectNative("stead"))),
      side: "extension",
      version: webext.runtime.getManifest().version,
      serves: extensionMethods,
      handlers: this.#events.handlers,
      calls: hostMethods,
    });
    this.#peer = peer;
    void peer.closed.then((reason) => this.#lost(reason));
    void this.#start(peer);
  }

  /** Throws `hostMissing` while there is no connection. */
  async call<M extends MethodName<typeof hostMethods>>(
    method: M,
    params: Params<typeof hostMethods, M>,
  ): Promise<Result<typeof hostMethods, M>> {
    if (!this.#peer) throw new SteadError("hostMissing", "Stead's native host is not connected.");
    return this.#peer.call(method, params);
  }

  async #start(peer: HostPeer): Promise<void> {
    try {
      await peer.ready;
      await this.#events.onConnected();
      this.#failures = 0;
    } catch (error) {
      if (this.#peer !== peer) return;
      const { message, hint } = toErrorShape(error);
      this.setState({ kind: "failed", message, hint });
    }
  }

  #lost(reason: SteadError): void {
    this.#peer = undefined;
    this.#failures++;
    const detail = reason.cause instanceof Error ? reason.cause.message : reason.message;
    this.setState(
      reason.code === "disconnected"
        ? { kind: "missing", detail }
        : { kind: "failed", message: reason.message, hint: reason.hint },
    );
    this.#timer = setTimeout(() => this.connect(), retryDelay(this.#failures, Math.random()));
  }
}

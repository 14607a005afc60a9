import type { Channel } from "../../../shared/wire/channel.ts";

type Listener<T> = (value: T) => void;

/** One end of a runtime port: messages are copied and arrive later, as in the browser. */
export class FakePort {
  #other: FakePort | undefined;
  #gone = false;
  readonly #message: Listener<unknown>[] = [];
  readonly #disconnect: Listener<{ error?: Error }>[] = [];
  readonly onMessage = { addListener: (listener: Listener<unknown>) => void this.#message.push(listener) };
  readonly onDisconnect = { addListener: (listener: Listener<{ error?: Error }>) => void this.#disconnect.push(listener) };

  static pair(): [near: FakePort, far: FakePort] {
    const [near, far] = [new FakePort(), new FakePort()];
    near.#other = far;
    far.#other = near;
    return [near, far];
  }

  postMessage(message: unknown): void {
    const copy: unknown = structuredClone(message);
    setTimeout(() => this.#other?.receive(copy));
  }

  receive(message: unknown): void {
    if (!this.#gone) for (const listener of this.#message) listener(message);
  }

  disconnect(): void {
    this.#gone = true;
    this.#other?.cut();
  }

  /** Ends it as Firefox does when the other side goes away. */
  cut(error?: Error): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const listener of this.#disconnect) listener(error ? { error } : {});
  }
}

export function channelOf(port: FakePort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.onMessage.addListener(listener),
    onClose: (listener) => port.onDisconnect.addListener(({ error }) => listener(error)),
    close: () => port.disconnect(),
  };
}

/** What the fakes of the browser's API share: runtime ports and messages. */
import type { Channel } from "../../shared/wire/channel.ts";

export type Messages = Record<string, { message: string; placeholders?: Record<string, { content: string }> }>;

/** i18n.getMessage over the messages of one language. */
export function getMessageOf(messages: Messages): (name: string, values?: string | readonly string[]) => string {
  return (name, values = []) => {
    const entry = messages[name];
    const given = typeof values === "string" ? [values] : values;
    return (
      entry?.message.replace(/\$([A-Z]+)\$/gu, (_, key: string) => {
        const content = entry.placeholders?.[key.toLowerCase()]?.content;
        return content === undefined ? "" : (given[Number(content.slice(1)) - 1] ?? "");
      }) ?? ""
    );
  };
}

type Listener<T> = (value: T) => void;

/** One end of a runtime port: messages are copied and arrive later, as in the browser. */
export class FakePort {
  other: FakePort | undefined;
  #gone = false;
  readonly #message: Listener<unknown>[] = [];
  readonly #disconnect: Listener<{ error?: Error }>[] = [];
  readonly onMessage = { addListener: (listener: Listener<unknown>) => void this.#message.push(listener) };
  readonly onDisconnect = { addListener: (listener: Listener<{ error?: Error }>) => void this.#disconnect.push(listener) };

  postMessage(message: unknown): void {
    const copy: unknown = structuredClone(message);
    setTimeout(() => this.other?.receive(copy));
  }

  receive(message: unknown): void {
    if (!this.#gone) for (const listener of this.#message) listener(message);
  }

  disconnect(): void {
    this.#gone = true;
    this.other?.cut();
  }

  cut(error?: Error): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const listener of this.#disconnect) listener(error ? { error } : {});
  }
}

/** The two ends of a port: what runtime.connect() gives, and the background page's. */
export function portPair(): [near: FakePort, far: FakePort] {
  const [near, far] = [new FakePort(), new FakePort()];
  near.other = far;
  far.other = near;
  return [near, far];
}

export function channelOf(port: FakePort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.onMessage.addListener(listener),
    onClose: (listener) => port.onDisconnect.addListener(({ error }) => listener(error)),
    close: () => port.disconnect(),
  };
}

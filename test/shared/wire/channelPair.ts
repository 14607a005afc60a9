import type { Channel } from "../../../shared/wire/channel.ts";

export interface RecordedChannel extends Channel {
  /** What was sent from this end. */
  readonly sent: unknown[];
  readonly closed: boolean;
}

/** Two ends of one pipe, in order and asynchronous like a real one; messages travel as JSON. */
export function channelPair(): [RecordedChannel, RecordedChannel] {
  const ends = [makeEnd(), makeEnd()] as const;
  const [left, right] = ends;
  left.other = right;
  right.other = left;
  return [left.channel, right.channel];
}

interface End {
  other: End | undefined;
  channel: RecordedChannel;
  receive(text: string): void;
  finish(): void;
}

function makeEnd(): End {
  const sent: unknown[] = [];
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: ((reason?: Error) => void)[] = [];
  let closed = false;
  const end: End = {
    other: undefined,
    channel: {
      sent,
      get closed() {
        return closed;
      },
      send(message) {
        if (closed) return;
        sent.push(message);
        const text = JSON.stringify(message);
        queueMicrotask(() => end.other?.receive(text));
      },
      onMessage(listener) {
        messageListeners.push(listener);
      },
      onClose(listener) {
        closeListeners.push(listener);
      },
      close() {
        if (closed) return;
        end.finish();
        queueMicrotask(() => end.other?.finish());
      },
    },
    receive(text) {
      if (!closed) for (const listener of messageListeners) listener(JSON.parse(text));
    },
    finish() {
      if (closed) return;
      closed = true;
      for (const listener of closeListeners) listener();
    },
  };
  return end;
}

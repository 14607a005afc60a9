import type { Channel } from "../../shared/wire/channel.ts";

/** What a Worker and a worker's parentPort have in common. */
export interface ThreadPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
}

export interface ThreadEnds {
  /** Hands over what to call when the other thread has gone. */
  onGone(listener: (reason?: Error) => void): void;
  close(): void;
}

/** A thread's port as a channel. Messages are cloned, so nothing is encoded. */
export function messagePortChannel(port: ThreadPort, ends: ThreadEnds): Channel {
  let closed = false;
  const closeListeners: ((reason?: Error) => void)[] = [];
  ends.onGone(finish);
  return {
    send(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      port.on("message", (message) => {
        if (!closed) listener(message);
      });
    },
    onClose(listener) {
      closeListeners.push(listener);
    },
    close() {
      ends.close();
      finish();
    },
  };

  function finish(reason?: Error): void {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener(reason);
  }
}

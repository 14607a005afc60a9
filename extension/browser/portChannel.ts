import type { Channel } from "../../shared/wire/channel.ts";

/** A native port or a runtime port as a channel. `onClose` carries Firefox's own message where there is one. */
export function portChannel(port: browser.runtime.Port): Channel {
  let closed = false;
  const closeListeners: ((reason?: Error) => void)[] = [];
  port.onDisconnect.addListener((gone) => {
    finish(gone.error ? new Error(gone.error.message) : undefined);
  });
  return {
    send(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      port.onMessage.addListener((message: unknown) => {
        listener(message);
      });
    },
    onClose(listener) {
      closeListeners.push(listener);
    },
    close() {
      port.disconnect();
      finish();
    },
  };

  function finish(reason?: Error): void {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener(reason);
  }
}

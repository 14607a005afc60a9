/**
 * A two-way pipe of JSON values: a native port, a socket, a runtime port, a worker's message port.
 * Messages arrive whole and in order; `onClose` is called once, with the reason where one is known.
 */
export interface Channel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: (reason?: Error) => void): void;
  close(): void;
}

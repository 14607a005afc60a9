import { endianness } from "node:os";
import type { Readable, Writable } from "node:stream";
import { SteadError } from "../../shared/errors.ts";
import type { Channel } from "../../shared/wire/channel.ts";

/** Firefox's own limit for a message of the host, in bytes; above it the port is closed (MDN, "Native messaging"). */
export const outgoingLimit = 1024 * 1024;
/** Our limit for a message that comes in, in bytes. Firefox would send up to 4 GiB. */
export const incomingLimit = 64 * 1024 * 1024;
/** How many bytes may wait to be read by the other side before it is given up. */
export const outstandingLimit = 64 * 1024 * 1024;
/** How long a closed channel waits for the other side to take the rest, in milliseconds. */
const lingerMs = 2000;

const headerBytes = 4;
const littleEndian = endianness() === "LE";

/** One native-messaging frame: the length in 4 bytes of this machine's order, then UTF-8 JSON. Throws `tooLarge`. */
export function encodeFrame(message: unknown, limit: number = outgoingLimit): Buffer {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  if (length > limit) throw new SteadError("tooLarge", `A message of ${length} bytes is over the limit of ${limit}.`);
  const frame = Buffer.allocUnsafe(headerBytes + length);
  if (littleEndian) frame.writeUInt32LE(length);
  else frame.writeUInt32BE(length);
  frame.write(text, headerBytes);
  return frame;
}

/** Puts frames together from bytes split anywhere. After it has thrown it takes no more. */
export class FrameDecoder {
  readonly #limit: number;
  // A mark at the beginning is no JSON: leave it for JSON.parse to refuse.
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The length of the frame whose body is awaited; undefined while its header is. */
  #length: number | undefined;

  constructor(limit: number = incomingLimit) {
    this.#limit = limit;
  }

  /** The messages that are whole with these bytes. Throws `tooLarge` before the body is held, `badMessage` for bad UTF-8 or JSON. */
  *push(bytes: Uint8Array): Generator<unknown, void, undefined> {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    for (;;) {
      if (this.#length === undefined) {
        if (this.#heldBytes < headerBytes) return;
        this.#length = this.#readLength(this.#take(headerBytes));
      }
      if (this.#heldBytes < this.#length) return;
      const body = this.#take(this.#length);
      this.#length = undefined;
      yield this.#parse(body);
    }
  }

  /** To be called when no more bytes come. Throws `badMessage` in the middle of a frame. */
  end(): void {
    if (this.#length !== undefined || this.#heldBytes > 0) {
      throw new SteadError("badMessage", "The connection ended in the middle of a message.");
    }
  }

  #readLength(header: Buffer): number {
    const length = littleEndian ? header.readUInt32LE() : header.readUInt32BE();
    if (length > this.#limit) {
      throw new SteadError("tooLarge", `A message of ${length} bytes was announced; the limit is ${this.#limit}.`);
    }
    return length;
  }

  #take(count: number): Buffer {
    const all = this.#held.length === 1 ? toBuffer(this.#held[0]) : Buffer.concat(this.#held, this.#heldBytes);
    this.#held = all.length > count ? [all.subarray(count)] : [];
    this.#heldBytes -= count;
    return all.subarray(0, count);
  }

  #parse(body: Buffer): unknown {
    try {
      return JSON.parse(this.#utf8.decode(body));
    } catch {
      // The parser's own text would quote the message.
      throw new SteadError("badMessage", "A message came that is not UTF-8 JSON.");
    }
  }
}

export interface StreamChannel extends Channel {
  /** Resolves when the channel is closed and all it had to say is out, or cannot be got out; never rejects. */
  readonly flushed: Promise<void>;
}

export interface StreamChannelOptions {
  incomingLimit?: number;
  outstandingLimit?: number;
}

/** Frames on a pair of streams, or on a socket given twice. Reading begins with the first listener. */
export function streamChannel(readable: Readable, writable: Writable, options: StreamChannelOptions = {}): StreamChannel {
  const mostOutstanding = options.outstandingLimit ?? outstandingLimit;
  const decoder = new FrameDecoder(options.incomingLimit);
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: ((reason?: Error) => void)[] = [];
  let outstanding = 0;
  let closed = false;
  let markFlushed!: () => void;
  const flushed = new Promise<void>((resolve) => {
    markFlushed = resolve;
  });

  // Both stay for good: an error after the end, with no one listening, would end the process.
  readable.on("error", finish);
  writable.on("error", finish);
  readable.on("end", () => {
    finish(check(() => decoder.end()));
  });
  readable.on("close", () => finish());
  writable.on("close", () => finish());

  return {
    flushed,
    send(message) {
      if (closed) return;
      const frame = encodeFrame(message);
      outstanding += frame.length;
      if (outstanding > mostOutstanding) {
        finish(new SteadError("disconnected", `The other side left more than ${mostOutstanding} bytes unread.`));
        writable.destroy();
        return;
      }
      writable.write(frame, () => {
        outstanding -= frame.length;
      });
    },
    onMessage(listener) {
      messageListeners.push(listener);
      if (messageListeners.length > 1) return;
      readable.on("data", receive);
      readable.resume();
    },
    onClose(listener) {
      closeListeners.push(listener);
    },
    close() {
      finish();
    },
  };

  function receive(bytes: Buffer): void {
    const failure = check(() => {
      for (const message of decoder.push(bytes)) {
        if (closed) return;
        for (const listener of messageListeners) listener(message);
      }
    });
    if (failure) finish(failure);
  }

  function finish(reason?: Error): void {
    if (closed) return;
    closed = true;
    readable.off("data", receive);
    flush();
    for (const listener of closeListeners) listener(reason);
  }

  /** process.exit() or destroy() right after a large write loses most of it: wait for the writes' own callbacks. */
  function flush(): void {
    const patience = setTimeout(() => writable.destroy(), lingerMs).unref();
    const done = (): void => {
      clearTimeout(patience);
      readable.destroy();
      markFlushed();
    };
    if (writable.destroyed || writable.writableEnded) {
      done();
      return;
    }
    writable.once("close", done);
    writable.end(done);
    // Nobody reads any more, but a socket must see the other end go to be closed itself.
    readable.resume();
  }
}

function check(action: () => void): Error | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function toBuffer(bytes: Uint8Array | undefined): Buffer {
  if (bytes === undefined) return Buffer.alloc(0);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

import { WebSocket } from "ws";
import * as z from "zod/mini";

const Message = z.union([
  z.object({ type: z.literal("success"), id: z.number(), result: z.unknown() }),
  z.object({ type: z.literal("error"), id: z.number(), error: z.string(), message: z.string() }),
  z.object({ type: z.literal("event"), method: z.string(), params: z.unknown() }),
]);

const Evaluated = z.discriminatedUnion("type", [
  z.object({ type: z.literal("success"), result: z.looseObject({ type: z.string(), value: z.optional(z.unknown()) }) }),
  z.object({ type: z.literal("exception"), exceptionDetails: z.looseObject({ text: z.string() }) }),
]);

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One WebDriver BiDi session over a WebSocket: as much of the protocol as the tests use. */
export class Bidi {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#receive(data.toString("utf8")));
    const end = (): void => {
      for (const { reject } of this.#pending.values()) reject(new Error("Firefox closed the BiDi connection."));
      this.#pending.clear();
    };
    socket.on("close", end);
    socket.on("error", end);
  }

  /** Connects and opens a session. `url` is `ws://127.0.0.1:PORT`. */
  static async open(url: string): Promise<Bidi> {
    const socket = new WebSocket(`${url}/session`, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    const bidi = new Bidi(socket);
    await bidi.send("session.new", { capabilities: {} });
    return bidi;
  }

  /** Rejects with Firefox's own error and message, or when the connection ends first. */
  send(method: string, params: object): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== WebSocket.OPEN) {
        reject(new Error(`${method}: the BiDi connection is closed.`));
        return;
      }
      this.#pending.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /**
   * Evaluates an expression in a browsing context and returns what it, or its promise, comes to, through JSON;
   * undefined stays undefined. The expression may use await. Throws with the text of the page's exception.
   */
  async evaluate(context: string, expression: string): Promise<unknown> {
    const wrapped = `(async () => JSON.stringify(await (async () => (${expression}\n))()))()`;
    const answer = Evaluated.parse(
      await this.send("script.evaluate", { expression: wrapped, target: { context }, awaitPromise: true }),
    );
    if (answer.type === "exception") throw new Error(`${answer.exceptionDetails.text} in ${expression}`);
    const { value } = answer.result;
    return typeof value === "string" ? JSON.parse(value) : undefined;
  }

  close(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    const message = Message.parse(JSON.parse(text));
    if (message.type === "event") return;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === "success") pending?.resolve(message.result);
    else pending?.reject(new Error(`${message.error}: ${message.message}`));
  }
}

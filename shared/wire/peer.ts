import { SteadError, toErrorShape } from "../errors.ts";
import type { Channel } from "./channel.ts";
import { Envelope, type Hello, oldestProtocolVersion, protocolVersion, type Side } from "./envelope.ts";
import type { Handlers, MethodName, Params, Result, Table } from "./table.ts";

/** How many requests of the other side may be in work at once; one more is answered `busy`. */
const servedAtOnce = 256;
/** How many of our own may wait for an answer; one more is refused with `busy`. */
const pendingAtOnce = 1024;

export interface PeerOptions<Serves extends Table, Calls extends Table> {
  channel: Channel;
  side: Side;
  /** The version of Stead, for the handshake. */
  version: string;
  features?: string[];
  serves: Serves;
  handlers: Handlers<Serves>;
  calls: Calls;
  /** The oldest and newest protocol version this side speaks; tests set it. */
  protocol?: { min: number; max: number };
}

interface Pending {
  method: string;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * One end of a channel: answers the methods it serves and calls those of the other side, both typed and parsed from
 * their tables. Every call ends: with a result, with a SteadError, or with `disconnected` when the channel closes.
 */
export class Peer<Serves extends Table, Calls extends Table> {
  /** The other side's handshake; rejects when versions do not overlap or the channel closes before it. */
  readonly ready: Promise<Hello>;
  /** Resolves with the reason when the channel has closed; never rejects. */
  readonly closed: Promise<SteadError>;

  readonly #options: PeerOptions<Serves, Calls>;
  readonly #protocol: { min: number; max: number };
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #serving = 0;
  #greeted = false;
  #end: SteadError | undefined;
  #resolveReady!: (hello: Hello) => void;
  #rejectReady!: (error: Error) => void;
  #resolveClosed!: (reason: SteadError) => void;

  constructor(options: PeerOptions<Serves, Calls>) {
    this.#options = options;
    this.#protocol = options.protocol ?? { min: oldestProtocolVersion, max: protocolVersion };
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.ready.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    options.channel.onMessage((message) => {
      this.#receive(message);
    });
    options.channel.onClose((reason) => {
      this.#finish(reason instanceof SteadError ? reason : new SteadError("disconnected", "The connection was closed.", { cause: reason }));
    });
    this.#send({
      t: "hello",
      side: options.side,
      version: options.version,
      protocol: this.#protocol,
      features: options.features ?? [],
    });
  }

  /** Asks the other side. `timeoutMs`: fail with `timeout` after so long; without it the answer or the close ends the wait. */
  async call<M extends MethodName<Calls>>(
    method: M,
    params: Params<Calls, M>,
    options: { timeoutMs?: number } = {},
  ): Promise<Result<Calls, M>> {
    const definition = this.#options.calls[method];
    if (definition === undefined) throw new SteadError("unsupported", `${method} is not a method of this connection.`);
    if (this.#end) throw this.#end;
    await this.ready;
    if (this.#pending.size >= pendingAtOnce) {
      throw new SteadError("busy", `${pendingAtOnce} requests are waiting for an answer already.`);
    }
    const id = this.#nextId++;
    const answer = await this.#answerTo(id, method, params, options.timeoutMs);
    const result = definition.result.safeParse(answer);
    if (!result.success) throw new SteadError("badMessage", `The answer to ${method} is not what this version expects.`);
    return result.data as Result<Calls, M>;
  }

  /** Closes the channel; pending calls end with `disconnected`. */
  close(): void {
    this.#finish(new SteadError("disconnected", "The connection was closed."));
    this.#options.channel.close();
  }

  #answerTo(id: number, method: string, params: unknown, timeoutMs: number | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              this.#pending.delete(id);
              reject(new SteadError("timeout", `No answer to ${method} within ${timeoutMs} ms.`));
            }, timeoutMs);
      this.#pending.set(id, {
        method,
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      try {
        this.#send({ t: "request", id, method, params });
      } catch (error) {
        const pending = this.#pending.get(id);
        this.#pending.delete(id);
        pending?.reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  #send(message: Envelope): void {
    if (this.#end) return;
    this.#options.channel.send(message);
  }

  #receive(raw: unknown): void {
    if (this.#end) return;
    const parsed = Envelope.safeParse(raw);
    if (!parsed.success) {
      this.#refuse(new SteadError("badMessage", "A message came that is not of Stead's protocol."));
      return;
    }
    const message = parsed.data;
    if (message.t === "bye") {
      this.#finish(SteadError.fromShape(message.error));
      this.#options.channel.close();
      return;
    }
    if (message.t === "hello") {
      this.#greet(message);
      return;
    }
    if (!this.#greeted) {
      this.#refuse(new SteadError("badMessage", "A message came before the handshake."));
      return;
    }
    switch (message.t) {
      case "request":
        void this.#serve(message.id, message.method, message.params);
        return;
      case "result":
        this.#settle(message.id)?.resolve(message.result);
        return;
      case "error":
        this.#settle(message.id)?.reject(SteadError.fromShape(message.error));
    }
  }

  #greet(hello: Hello): void {
    const mine = this.#protocol;
    if (hello.protocol.max < mine.min || hello.protocol.min > mine.max) {
      const older = hello.protocol.max < mine.min ? hello.side : this.#options.side;
      this.#refuse(
        new SteadError(
          "versionMismatch",
          `The ${hello.side} is version ${hello.version}, the ${this.#options.side} is ${this.#options.version}: they share no protocol version.`,
          { hint: `Update the ${older}.` },
        ),
      );
      return;
    }
    this.#greeted = true;
    this.#resolveReady(hello);
  }

  async #serve(id: number, name: string, params: unknown): Promise<void> {
    if (this.#serving >= servedAtOnce) {
      this.#send({ t: "error", id, error: new SteadError("busy", `${servedAtOnce} requests are in work already.`).toShape() });
      return;
    }
    this.#serving++;
    const answer = await this.#answer(id, name, params);
    this.#serving--;
    try {
      this.#send(answer);
    } catch (error) {
      this.#send({ t: "error", id, error: toErrorShape(error) });
    }
  }

  async #answer(id: number, name: string, params: unknown): Promise<Envelope> {
    try {
      const definition = Object.hasOwn(this.#options.serves, name) ? this.#options.serves[name] : undefined;
      const handler = this.#options.handlers[name];
      if (definition === undefined || handler === undefined) {
        throw new SteadError("unsupported", `${this.#options.side} does not know the method ${JSON.stringify(name.slice(0, 64))}.`);
      }
      const parsed = definition.params.safeParse(params);
      if (!parsed.success) {
        const where = parsed.error.issues[0]?.path.join(".") ?? "";
        throw new SteadError("badMessage", `${name} was called with parameters it does not take${where && `, at ${where}`}.`);
      }
      return { t: "result", id, result: (await handler(parsed.data as Params<Serves, typeof name>)) ?? {} };
    } catch (error) {
      if (!(error instanceof SteadError)) console.error(error);
      return { t: "error", id, error: toErrorShape(error) };
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #refuse(error: SteadError): void {
    this.#send({ t: "bye", error: error.toShape() });
    // First the reason: a channel tells of its closing at once, and knows none.
    this.#finish(error);
    this.#options.channel.close();
  }

  #finish(reason: SteadError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#rejectReady(reason);
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
    this.#resolveClosed(reason);
  }
}

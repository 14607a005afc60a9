import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { SteadError } from "../../../shared/errors.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import { method, type Handlers } from "../../../shared/wire/table.ts";
import { channelPair, type RecordedChannel } from "./channelPair.ts";

const table = {
  double: method(z.object({ n: z.number() }), z.object({ n: z.number() })),
  wait: method(z.object({}), z.object({})),
  fail: method(z.object({}), z.object({})),
} as const;
const none = {} as const;
const unsupported: unknown = expect.objectContaining({ code: "unsupported" });
const canary = "canary-value-of-a-cookie";

interface Setup {
  handlers?: Partial<Handlers<typeof table>>;
  asking?: { min: number; max: number };
  serving?: { min: number; max: number };
}

interface Pair {
  asking: Peer<typeof none, typeof table>;
  serving: Peer<typeof table, typeof none>;
  ends: [RecordedChannel, RecordedChannel];
}

function connect(setup: Setup = {}): Pair {
  const ends = channelPair();
  return {
    ends,
    asking: new Peer({
      channel: ends[0], side: "cli", version: "1.0.0", serves: none, handlers: {}, calls: table,
      ...(setup.asking && { protocol: setup.asking }),
    }),
    serving: new Peer({
      channel: ends[1], side: "host", version: "2.0.0", serves: table, calls: none, features: ["x"],
      handlers: { double: ({ n }) => ({ n: 2 * n }), wait: () => new Promise<never>(() => undefined), fail: () => ({}), ...setup.handlers },
      ...(setup.serving && { protocol: setup.serving }),
    }),
  };
}

async function errorOf(promise: Promise<unknown>): Promise<SteadError> {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof SteadError)) throw new Error(`Expected a SteadError, got ${String(error)}.`);
  return error;
}

/** Sends as the other side would, past its Peer. */
async function raw(end: RecordedChannel, ...messages: unknown[]): Promise<void> {
  for (const message of messages) end.send(message);
  await settled();
}

/** Everything that can happen without a timer has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a peer", () => {
  it("says and hears who is there", async () => {
    const { asking, serving } = connect();
    expect(await asking.ready).toEqual({ t: "hello", side: "host", version: "2.0.0", protocol: { min: 1, max: 1 }, features: ["x"] });
    expect(await serving.ready).toMatchObject({ side: "cli", version: "1.0.0" });
  });

  it("answers calls made before the handshake is through", async () => {
    const { asking } = connect();
    expect(await asking.call("double", { n: 21 })).toEqual({ n: 42 });
  });

  it("gives each of many answers to its caller", async () => {
    const { asking } = connect({ handlers: { double: async ({ n }) => { await settled(); return { n: 2 * n }; } } });
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => asking.call("double", { n })))).toEqual(numbers.map((n) => ({ n: 2 * n })));
  });

  const versions: [{ min: number; max: number }, { min: number; max: number }, string][] = [
    [{ min: 1, max: 2 }, { min: 2, max: 3 }, "met"],
    [{ min: 2, max: 3 }, { min: 1, max: 2 }, "met"],
    [{ min: 1, max: 1 }, { min: 2, max: 3 }, "Update the cli."],
    [{ min: 3, max: 4 }, { min: 1, max: 2 }, "Update the host."],
  ];
  it.each(versions)("of versions %j meeting %j: %s", async (asking, serving, outcome) => {
    const pair = connect({ asking, serving });
    if (outcome === "met") {
      expect(await pair.asking.call("double", { n: 1 })).toEqual({ n: 2 });
      return;
    }
    for (const peer of [pair.asking, pair.serving]) {
      expect(await errorOf(peer.ready)).toMatchObject({ code: "versionMismatch", hint: outcome });
      expect(await peer.closed).toMatchObject({ code: "versionMismatch" });
    }
    expect(await errorOf(pair.asking.call("double", { n: 1 }))).toMatchObject({ code: "versionMismatch" });
  });

  it("answers `unsupported` to a method it does not know, and goes on", async () => {
    const { ends, asking } = connect();
    await asking.ready;
    await raw(ends[0], ...["triple", "toString", "__proto__"].map((name, index) => ({ t: "request", id: 900 + index, method: name, params: {} })));
    expect(ends[1].sent.slice(1)).toEqual([900, 901, 902].map((id) => ({ t: "error", id, error: unsupported })));
    expect(await asking.call("double", { n: 1 })).toEqual({ n: 2 });
  });

  it("refuses parameters that are not of the table, without quoting them", async () => {
    const { ends, asking } = connect();
    await asking.ready;
    await raw(ends[0], { t: "request", id: 900, method: "double", params: { n: canary } });
    expect(ends[1].sent[1]).toMatchObject({ t: "error", id: 900, error: { code: "badMessage" } });
    expect(JSON.stringify(ends[1].sent)).not.toContain(canary);
  });

  it("refuses an answer that is not of the table", async () => {
    const [near, far] = channelPair();
    const asking = new Peer({ channel: near, side: "cli", version: "1", serves: none, handlers: {}, calls: table });
    far.send({ t: "hello", side: "host", version: "1", protocol: { min: 1, max: 1 }, features: [] });
    const answer = errorOf(asking.call("double", { n: 1 }));
    await settled();
    far.send({ t: "result", id: 0, result: { n: "two" } });
    expect(await answer).toMatchObject({ code: "badMessage" });
  });

  it("hands a known error on as it is", async () => {
    const { asking } = connect({ handlers: { fail: () => { throw new SteadError("conflict", "Changed meanwhile.", { hint: "Look." }); } } });
    expect((await errorOf(asking.call("fail", {}))).toShape()).toEqual({ code: "conflict", message: "Changed meanwhile.", hint: "Look." });
  });

  it.each([
    ["an error", new Error(canary)],
    ["an error with a telling cause", new Error("outer", { cause: new Error(canary) })],
    ["a string", canary],
    ["an object", { canary }],
  ])("lets nothing of %s that a handler throws unexpectedly reach the other side", async (_what, thrown) => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a library may reject with anything
    const { asking, ends } = connect({ handlers: { fail: () => Promise.reject(thrown) } });
    expect(await errorOf(asking.call("fail", {}))).toMatchObject({ code: "internal" });
    expect(JSON.stringify(ends[1].sent)).not.toContain(canary);
  });

  it("rejects everything that is pending when the channel closes", async () => {
    const { asking, ends } = connect();
    await asking.ready;
    const pending = [asking.call("wait", {}), asking.call("wait", {}), asking.call("wait", {})].map(errorOf);
    await settled();
    ends[1].close();
    for (const error of await Promise.all(pending)) expect(error).toMatchObject({ code: "disconnected" });
    expect(await asking.closed).toMatchObject({ code: "disconnected" });
    expect(await errorOf(asking.call("double", { n: 1 }))).toMatchObject({ code: "disconnected" });
  });

  it("rejects calls that wait for a handshake that never comes", async () => {
    const [near, far] = channelPair();
    const asking = new Peer({ channel: near, side: "cli", version: "1", serves: none, handlers: {}, calls: table });
    const call = errorOf(asking.call("double", { n: 1 }));
    far.close();
    expect(await call).toMatchObject({ code: "disconnected" });
  });

  it("tells why when it was the other side that refused", async () => {
    const { asking, ends } = connect();
    await asking.ready;
    await raw(ends[1], { t: "bye", error: new SteadError("tooLarge", "Too much.").toShape() });
    expect(await asking.closed).toMatchObject({ code: "tooLarge", message: "Too much." });
  });

  it.each([
    ["no message of the protocol", { t: "request", id: -1 }],
    ["a request before the handshake", { t: "request", id: 1, method: "double", params: { n: 1 } }],
    ["no object", "hello"],
  ])("closes on %s and says so", async (_what, message) => {
    const [near, far] = channelPair();
    const serving = new Peer({ channel: near, side: "host", version: "1", serves: table, handlers: { double: ({ n }) => ({ n }), wait: () => ({}), fail: () => ({}) }, calls: none });
    await raw(far, message);
    expect(await serving.closed).toMatchObject({ code: "badMessage" });
    expect(near.sent.at(-1)).toMatchObject({ t: "bye", error: { code: "badMessage" } });
    expect(near.closed).toBe(true);
  });

  it("leaves answers to nobody's question alone", async () => {
    const { asking, ends } = connect();
    await asking.ready;
    await raw(ends[1], { t: "result", id: 77, result: {} }, { t: "error", id: 78, error: new SteadError("busy", "").toShape() });
    expect(await asking.call("double", { n: 3 })).toEqual({ n: 6 });
  });

  it("works on 256 requests at once, answers `busy` to one more, and takes on again what became free", async () => {
    const finish: (() => void)[] = [];
    const { asking } = connect({ handlers: { wait: () => new Promise((resolve) => finish.push(() => resolve({}))) } });
    await asking.ready;
    const running = Array.from({ length: 256 }, () => asking.call("wait", {}));
    expect(await errorOf(asking.call("wait", {}))).toMatchObject({ code: "busy" });
    finish[0]?.();
    await running[0];
    expect(await asking.call("double", { n: 1 })).toEqual({ n: 2 });
    for (const end of finish) end();
    await Promise.all(running);
  });

  it("waits for 1,024 answers at once and refuses one more itself", async () => {
    const [near, far] = channelPair();
    const asking = new Peer({ channel: near, side: "cli", version: "1", serves: none, handlers: {}, calls: table });
    far.send({ t: "hello", side: "host", version: "1", protocol: { min: 1, max: 1 }, features: [] });
    await asking.ready;
    const pending = Array.from({ length: 1024 }, () => errorOf(asking.call("wait", {})));
    await settled();
    expect(await errorOf(asking.call("wait", {}))).toMatchObject({ code: "busy" });
    asking.close();
    expect((await Promise.all(pending)).every(({ code }) => code === "disconnected")).toBe(true);
  });

  it("gives up an answer after the time it was given, and drops it when it comes", async () => {
    vi.useFakeTimers();
    const finish: (() => void)[] = [];
    const { asking } = connect({ handlers: { wait: () => new Promise((resolve) => finish.push(() => resolve({}))) } });
    await asking.ready;
    const call = errorOf(asking.call("wait", {}, { timeoutMs: 100 }));
    await vi.advanceTimersByTimeAsync(100);
    expect(await call).toMatchObject({ code: "timeout" });
    finish[0]?.();
    expect(await asking.call("double", { n: 4 })).toEqual({ n: 8 });
  });
});

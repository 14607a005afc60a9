import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Channel } from "../../../shared/wire/channel.ts";
import { chunked, messageLimit, partLength } from "../../../shared/wire/chunks.ts";
import { channelPair } from "./channelPair.ts";

/** Firefox's limit for a host's message. */
const frameLimit = 1024 * 1024;

function encodedSize(message: unknown): number {
  return Buffer.byteLength(JSON.stringify(message));
}

function next(channel: Channel): Promise<unknown> {
  return new Promise((resolve) => channel.onMessage(resolve));
}

describe("chunks", () => {
  it("leaves a message of the part's length as it is", async () => {
    const [left, right] = channelPair();
    const text = "a".repeat(partLength - 2);
    const came = next(chunked(right));
    chunked(left).send(text);
    expect(left.sent).toEqual([text]);
    expect(await came).toBe(text);
  });

  it("cuts a message one character longer in two", async () => {
    const [left, right] = channelPair();
    const text = "a".repeat(partLength - 1);
    const came = next(chunked(right));
    chunked(left).send(text);
    expect(left.sent).toHaveLength(2);
    expect(await came).toBe(text);
  });

  it("puts any text together again, wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: "binary" }), fc.integer({ min: 1, max: 20 }), async (message, length) => {
        const [left, right] = channelPair();
        const came = next(chunked(right, length));
        chunked(left, length).send({ message });
        expect(await came).toEqual(JSON.parse(JSON.stringify({ message })));
      }),
    );
  });

  const units: [string, string][] = [
    ["quotes", '"'],
    ["backslashes", "\\"],
    ["NULs", "\u0000"],
    ["line separators", "\u2028"],
    ["three-byte characters", "\uffff"],
    ["astral characters", "𝄞"],
    ["lone high surrogates", "\ud800"],
    ["lone low surrogates", "\udc00"],
    ["low before high surrogates", "\udc00\ud800"],
  ];
  it.each(units)("keeps every part of %s below 1 MiB and whole, whatever the offset", async (_what, unit) => {
    for (const offset of [0, 1, 2, 3, 4, 5]) {
      const text = "x".repeat(offset) + unit.repeat(Math.ceil((2 * partLength) / unit.length));
      const [left, right] = channelPair();
      const came = next(chunked(right));
      chunked(left).send(text);
      expect(Math.max(...left.sent.map(encodedSize))).toBeLessThan(frameLimit);
      expect(await came).toBe(text);
    }
  });

  it("refuses to send more than the limit", () => {
    const [left] = channelPair();
    expect(() => chunked(left).send("a".repeat(messageLimit))).toThrow(expect.objectContaining({ code: "tooLarge" }));
    expect(left.sent).toEqual([]);
  });

  it("keeps the messages of two senders apart and lets small ones pass", async () => {
    const [left, right] = channelPair();
    const came: unknown[] = [];
    chunked(right).onMessage((message) => came.push(message));
    left.send({ t: "part", id: 1, last: false, data: '"on' });
    left.send({ t: "part", id: 2, last: false, data: '"tw' });
    left.send("small");
    left.send({ t: "part", id: 2, last: true, data: 'o"' });
    left.send({ t: "part", id: 1, last: true, data: 'e"' });
    await Promise.resolve();
    expect(came).toEqual(["small", "two", "one"]);
  });

  it("closes when parts do not make JSON", async () => {
    const [left, right] = channelPair();
    const came: unknown[] = [];
    chunked(right).onMessage((message) => came.push(message));
    left.send({ t: "part", id: 1, last: true, data: "{" });
    await Promise.resolve();
    expect(came).toEqual([]);
    expect(right.closed).toBe(true);
  });

  it("closes when parts are begun without end", async () => {
    const [left, right] = channelPair();
    chunked(right).onMessage(() => undefined);
    for (let id = 0; id <= 16; id++) left.send({ t: "part", id, last: false, data: "" });
    await Promise.resolve();
    expect(right.closed).toBe(true);
  });

  it("closes when a message grows over the limit", async () => {
    const [left, right] = channelPair();
    chunked(right).onMessage(() => undefined);
    const data = "a".repeat(messageLimit / 16);
    for (let count = 0; count <= 16; count++) left.send({ t: "part", id: 1, last: false, data });
    await Promise.resolve();
    expect(right.closed).toBe(true);
  });
});

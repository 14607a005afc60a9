import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, FrameDecoder, outgoingLimit, streamChannel } from "../../../native-host/host/frames.ts";
import { SteadError } from "../../../shared/errors.ts";
import { chunked } from "../../../shared/wire/chunks.ts";

/** A frame around bytes that need not be JSON. */
function frame(body: Uint8Array, length = body.length): Buffer {
  const header = Buffer.alloc(4);
  if (new Uint8Array(new Uint32Array([1]).buffer)[0] === 1) header.writeUInt32LE(length);
  else header.writeUInt32BE(length);
  return Buffer.concat([header, body]);
}

function decode(parts: readonly Uint8Array[], limit?: number): unknown[] {
  const decoder = new FrameDecoder(limit);
  const messages = parts.flatMap((part) => [...decoder.push(part)]);
  decoder.end();
  return messages;
}

function splitAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length));
}

function codeOfThrown(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SteadError) return error.code;
    throw error;
  }
  return "nothing thrown";
}

const awkward = [null, 0, "", "ünï—𝄞", "\u0000\u001f", "\ud800", [], {}, { a: [1, { b: "\n\"\\" }] }];

describe("frames", () => {
  it("decodes what it encodes, whole and byte by byte", () => {
    const bytes = Buffer.concat(awkward.map((message) => encodeFrame(message)));
    expect(decode([bytes])).toEqual(awkward);
    expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(awkward);
  });

  it("decodes any messages, split anywhere", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ stringUnit: "binary" }), { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 12 }), (messages, cuts) => {
        const bytes = Buffer.concat(messages.map((message) => encodeFrame(message)));
        expect(decode(splitAt(bytes, cuts))).toEqual(JSON.parse(JSON.stringify(messages)));
      }),
    );
  });

  const bad: [string, Buffer, string][] = [
    ["an empty frame", frame(Buffer.alloc(0)), "badMessage"],
    ["bad UTF-8", frame(Buffer.from([0x22, 0xff, 0x22])), "badMessage"],
    ["a surrogate in UTF-8", frame(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), "badMessage"],
    ["an overlong character", frame(Buffer.from([0x22, 0xc0, 0x80, 0x22])), "badMessage"],
    ["a byte order mark", frame(Buffer.from("\ufeff{}")), "badMessage"],
    ["JSON that is none", frame(Buffer.from("{secret")), "badMessage"],
    ["two values in one frame", frame(Buffer.from("{}{}")), "badMessage"],
    ["what a console.log would leave", Buffer.from("Debugging, are we?\n"), "tooLarge"],
    ["a length over the limit, before any body", frame(Buffer.alloc(0), 64 * 1024 * 1024 + 1), "tooLarge"],
    ["the largest length there is", frame(Buffer.alloc(0), 0xffff_ffff), "tooLarge"],
    ["an end within the header", Buffer.from([1, 0]), "badMessage"],
    ["an end before the body", frame(Buffer.alloc(0), 5), "badMessage"],
    ["an end within the body", frame(Buffer.from("{}"), 5), "badMessage"],
  ];
  it.each(bad)("refuses %s", (_what, bytes, code) => {
    expect(codeOfThrown(() => decode([bytes]))).toBe(code);
    expect(codeOfThrown(() => decode([...bytes].map((byte) => Uint8Array.of(byte))))).toBe(code);
  });

  it("does not quote a message that it refuses", () => {
    expect(() => decode([frame(Buffer.from("{secret"))])).toThrow(/^(?!.*secret)/);
  });

  it("hands out what was whole before a bad frame", () => {
    const decoder = new FrameDecoder();
    const messages: unknown[] = [];
    expect(codeOfThrown(() => {
      for (const message of decoder.push(Buffer.concat([encodeFrame(1), frame(Buffer.from("?"))]))) messages.push(message);
    })).toBe("badMessage");
    expect(messages).toEqual([1]);
  });

  it("takes 100,000 levels of nesting", () => {
    const levels = 100_000;
    const [message] = decode([frame(Buffer.from("[".repeat(levels) + "]".repeat(levels)))]);
    let depth = 0;
    for (let inner: unknown = message; Array.isArray(inner); inner = inner[0]) depth++;
    expect(depth).toBe(levels);
  });

  it("takes a frame of exactly the limit and none above it", () => {
    const text = `"${"a".repeat(98)}"`;
    expect(decode([frame(Buffer.from(text))], 100)).toEqual(["a".repeat(98)]);
    expect(codeOfThrown(() => decode([frame(Buffer.from(text))], 99))).toBe("tooLarge");
  });

  it("sends up to the browser's limit and refuses more, counted in bytes", () => {
    expect(encodeFrame("a".repeat(outgoingLimit - 2))).toHaveLength(outgoingLimit + 4);
    expect(codeOfThrown(() => encodeFrame("a".repeat(outgoingLimit - 1)))).toBe("tooLarge");
    expect(codeOfThrown(() => encodeFrame("€".repeat(outgoingLimit / 3)))).toBe("tooLarge");
  });
});

describe("a channel on streams", () => {
  it("brings messages over in order, the largest in parts", async () => {
    const wire = new PassThrough();
    const here = chunked(streamChannel(new PassThrough(), wire));
    const there = chunked(streamChannel(wire, new PassThrough()));
    const messages = ["first", "x€𝄞\ud800".repeat(500_000), "last"];
    const came: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      there.onMessage((message) => {
        if (came.push(message) === messages.length) resolve();
      });
    });
    for (const message of messages) here.send(message);
    await all;
    expect(came).toEqual(messages);
  });

  it("closes without a reason when the other side ends between two messages", async () => {
    const wire = new PassThrough();
    const reason = closing(streamChannel(wire, new PassThrough()));
    wire.end(encodeFrame(1));
    expect(await reason).toBeUndefined();
  });

  it("closes with badMessage when the other side ends within one", async () => {
    const wire = new PassThrough();
    const reason = closing(streamChannel(wire, new PassThrough()));
    wire.end(encodeFrame("cut off").subarray(0, 7));
    expect(await reason).toMatchObject({ code: "badMessage" });
  });

  it("closes with the error of a broken stream", async () => {
    const out = new PassThrough();
    const reason = closing(streamChannel(new PassThrough(), out));
    out.destroy(new Error("EPIPE"));
    expect(await reason).toMatchObject({ message: "EPIPE" });
  });

  it("gives up a side that reads nothing", async () => {
    const stuck = new Writable({ write: () => undefined });
    const channel = streamChannel(new PassThrough(), stuck, { outstandingLimit: 1000 });
    const reason = closing(channel);
    for (let count = 0; count < 20; count++) channel.send("a".repeat(100));
    expect(await reason).toMatchObject({ code: "disconnected" });
    await channel.flushed;
    expect(stuck.destroyed).toBe(true);
  });

  it("is flushed only when the last byte was taken", async () => {
    const taken: number[] = [];
    const slow = new Writable({
      write(bytes: Buffer, _encoding, done) {
        setImmediate(() => {
          taken.push(bytes.length);
          done();
        });
      },
    });
    const channel = streamChannel(new PassThrough(), slow);
    channel.send("a".repeat(10));
    channel.send("b".repeat(20));
    channel.close();
    channel.send("too late");
    await channel.flushed;
    expect(taken).toEqual([16, 26]);
  });

  it("closes when a listener throws", async () => {
    const wire = new PassThrough();
    const channel = streamChannel(wire, new PassThrough());
    channel.onMessage(() => {
      throw new Error("cannot take it");
    });
    const reason = closed(channel);
    wire.write(encodeFrame(1));
    expect(await reason).toMatchObject({ message: "cannot take it" });
  });
});

function closed(channel: ReturnType<typeof streamChannel>): Promise<Error | undefined> {
  return new Promise((resolve) => {
    channel.onClose(resolve);
  });
}

function closing(channel: ReturnType<typeof streamChannel>): Promise<Error | undefined> {
  channel.onMessage(() => undefined);
  return closed(channel);
}

import * as z from "zod/mini";
import { SteadError } from "../errors.ts";
import type { Channel } from "./channel.ts";

/**
 * Firefox drops a host's message above 1 MiB of encoded JSON (Bugzilla 1443110 and MDN, "Native messaging").
 * A part of 262,144 UTF-16 units is at most 786,432 bytes when encoded again, quotes and escapes included.
 */
export const partLength = 262_144;
/** The largest message put together again, in UTF-16 units. */
export const messageLimit = 64 * 1024 * 1024;
const openMessagesLimit = 16;

const Part = z.object({
  t: z.literal("part"),
  id: z.number(),
  last: z.boolean(),
  data: z.string(),
});

/** The same channel, with a message of more than `length` units cut into parts, and parts put together. */
export function chunked(channel: Channel, length: number = partLength): Channel {
  let nextId = 0;
  const open = new Map<number, { parts: string[]; length: number }>();

  return {
    send(message) {
      const text = JSON.stringify(message);
      if (text.length <= length) {
        channel.send(message);
        return;
      }
      if (text.length > messageLimit) {
        throw new SteadError("tooLarge", `A message of ${text.length} characters is over the limit of ${messageLimit}.`);
      }
      const id = nextId++;
      for (let start = 0; start < text.length; start += length) {
        channel.send({ t: "part", id, last: start + length >= text.length, data: text.slice(start, start + length) });
      }
    },
    onMessage(listener) {
      channel.onMessage((message) => {
        const part = Part.safeParse(message);
        if (!part.success) {
          listener(message);
          return;
        }
        const whole = collect(part.data);
        if (whole !== undefined) deliver(whole, listener);
      });
    },
    onClose(listener) {
      channel.onClose(listener);
    },
    close() {
      open.clear();
      channel.close();
    },
  };

  function deliver(text: string, listener: (message: unknown) => void): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      channel.close();
      return;
    }
    listener(message);
  }

  function collect(part: z.infer<typeof Part>): string | undefined {
    const entry = open.get(part.id) ?? { parts: [], length: 0 };
    entry.parts.push(part.data);
    entry.length += part.data.length;
    open.set(part.id, entry);
    if (entry.length > messageLimit || open.size > openMessagesLimit) {
      open.clear();
      channel.close();
      return undefined;
    }
    if (!part.last) return undefined;
    open.delete(part.id);
    return entry.parts.join("");
  }
}

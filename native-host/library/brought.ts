import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { parseAs } from "../../shared/formats/refusal.ts";
import { Entry, type EntryChange, EntryId } from "../../shared/state/entry.ts";
import type { Brought } from "../actions/readTheirs.ts";
import type { Change, State } from "./types.ts";

const at = z.optional(z.number());
const Changes = z.array(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("set"), entry: Entry, at }),
    z.object({ kind: z.literal("remove"), id: EntryId, at }),
  ]),
);

/** What a program brings, checked as far as it can be without the store; `now` in milliseconds since 1970. Throws `fileFormat`, `usage`. */
export function readBrought(given: State | readonly Change[], now: number, domain?: string): Brought {
  if (!Array.isArray(given)) return { kind: "document", text: textOf(given), at: now, domain };
  const changes = parseAs(Changes, given, "The changes").map((change): EntryChange => ({ ...change, at: change.at ?? now }));
  return { kind: "changes", changes };
}

/** A state as a document. Throws `usage` for what JSON cannot hold. */
export function textOf(state: unknown): string {
  if (typeof state === "string") return state;
  try {
    const text: unknown = JSON.stringify(state);
    if (typeof text === "string") return text;
  } catch {
    // Its message may quote a key.
  }
  throw new SteadError("usage", "A state was expected: an object as state() gives it, or the text of a document.", {
    hint: "Pass what state(), checkout() or Playwright's storageState() answered.",
  });
}

import type { CookieChange } from "../../shared/models.ts";
import type { EntryChange } from "../../shared/state/entry.ts";

/** A change to a cookie as one among those to items of every kind. */
export function cookieChange(change: CookieChange): EntryChange {
  const { at } = change;
  return change.kind === "set"
    ? { kind: "set", entry: { kind: "cookie", ...change.cookie }, at }
    : { kind: "remove", id: { kind: "cookie", ...change.id }, at };
}

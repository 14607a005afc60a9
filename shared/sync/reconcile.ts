import { cookieId, cookieKey, isExpired, sameCookie } from "../cookie.ts";
import type { Cookie, CookieChange, CookieId } from "../models.ts";
import type { Mark } from "../protocol/store.ts";

/** A cookie or a tombstone as the store has it. */
export interface StoredCookie {
  id: CookieId;
  /** Absent for a tombstone. */
  cookie?: Cookie;
  revision: number;
  at: number;
  /** Of a tombstone of what outlived its time: whether this is that cookie. Any other is a newer one. */
  ended?: ((cookie: Cookie) => boolean) | undefined;
}

export interface Situation {
  /** What the container holds now. */
  container: readonly Cookie[];
  /** What the store holds, tombstones included. */
  stored: readonly StoredCookie[];
  /** Changes of the container that the store has not been told, by identity. */
  marks: readonly Mark[];
  /** The revision up to which this container had everything from the store. */
  synced: number;
  /**
   * Whether the container may be older than the store: Firefox has just started, and after a crash it has the cookies of
   * some seconds before (its session file is written every 15 s). Then a difference without a mark is the container's
   * past, otherwise a change nobody saw.
   */
  stale?: boolean | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

export interface Reconciliation {
  toStore: CookieChange[];
  set: Cookie[];
  remove: CookieId[];
  /** What the container changed and does not stand, the store's being newer: for history. */
  lost: CookieChange[];
}

/**
 * Brings a container and the store together, cookie by cookie. A cookie the container lacks was deleted only where a
 * mark says so: a session cookie lost at a restart and a container that was removed and made again are put back.
 */
export function reconcile(situation: Situation): Reconciliation {
  const { synced, stale = false, now } = situation;
  const here = new Map(situation.container.map((cookie) => [cookieKey(cookie), cookie]));
  const stored = new Map(situation.stored.map((item) => [cookieKey(item.id), item]));
  const marks = new Map(situation.marks.map((mark) => [cookieKey(mark.id), mark]));
  const answer: Reconciliation = { toStore: [], set: [], remove: [], lost: [] };

  for (const key of new Set([...here.keys(), ...stored.keys()])) {
    const mine = here.get(key);
    const theirs = stored.get(key);
    const mark = marks.get(key);
    if (mine) withCookie(mine, theirs, mark);
    else if (theirs?.cookie) withoutCookie(theirs.cookie, theirs, mark);
  }
  return answer;

  function withCookie(mine: Cookie, theirs: StoredCookie | undefined, mark: Mark | undefined): void {
    if (theirs?.cookie && sameCookie(mine, theirs.cookie)) return;
    const isNewer = theirs?.ended?.(mine) === false;
    if (!theirs || isNewer || !storeWins(theirs, mark)) {
      answer.toStore.push({ kind: "set", cookie: mine, at: mark?.at ?? now });
      return;
    }
    if (theirs.cookie) answer.set.push(theirs.cookie);
    else answer.remove.push(theirs.id);
    if (mark) answer.lost.push({ kind: "set", cookie: mine, at: mark.at });
  }

  function withoutCookie(cookie: Cookie, theirs: StoredCookie, mark: Mark | undefined): void {
    if (isExpired(cookie, now)) {
      answer.toStore.push({ kind: "remove", id: cookieId(cookie), at: now });
      return;
    }
    const deletedHere = mark?.removed === true && (theirs.revision <= synced || mark.at >= theirs.at);
    if (deletedHere) answer.toStore.push({ kind: "remove", id: cookieId(cookie), at: mark.at });
    else answer.set.push(cookie);
    if (mark?.removed === true && !deletedHere) answer.lost.push({ kind: "remove", id: cookieId(cookie), at: mark.at });
  }

  function storeWins(theirs: StoredCookie, mark: Mark | undefined): boolean {
    const storeMoved = theirs.revision > synced;
    return mark ? storeMoved && mark.at < theirs.at : storeMoved || stale;
  }
}

import { cookieId, cookieKey, sameCookie } from "../../shared/cookie.ts";
import type { Cookie, CookieChange, CookieId } from "../../shared/models.ts";

/** What cookies.onChanged says of one cookie. */
export interface CookieEvent {
  cookie: Cookie;
  removed: boolean;
  cause: string;
}

/**
 * The changes of one container since the last delta: one per cookie, the latest. What Stead itself writes into the
 * container is announced beforehand with `expect` and comes back as an event; those echoes are dropped, so that an
 * older value never travels to the store after a newer one was written there.
 */
export class CookieBatch {
  readonly #changes = new Map<string, CookieChange>();
  readonly #echoes = new Map<string, Cookie | null>();

  get size(): number {
    return this.#changes.size;
  }

  /** Whether the container changed this cookie and the store has not been told. */
  has(id: CookieId): boolean {
    return this.#changes.has(cookieKey(id));
  }

  /** Takes an event in; `at` in milliseconds since 1970. True when there is something to send. */
  add(event: CookieEvent, at: number): boolean {
    // An overwrite is two events, and the second says what is there now.
    if (event.removed && event.cause === "overwrite") return false;
    const key = cookieKey(event.cookie);
    if (this.#isEcho(key, event)) return false;
    this.#changes.delete(key);
    this.#changes.set(
      key,
      event.removed
        ? { kind: "remove", id: cookieId(event.cookie), at }
        : { kind: "set", cookie: event.cookie, at },
    );
    return true;
  }

  /** Everything to send, in the order of change; the batch is empty afterwards. */
  take(): CookieChange[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }

  /** Forgets removals: the container went, and its cookies with it. That is not the user's deletion. */
  dropRemovals(): void {
    for (const [key, change] of this.#changes) {
      if (change.kind === "remove") this.#changes.delete(key);
    }
  }

  /** Stead is about to write this cookie (null: remove it) itself. */
  expect(id: CookieId, cookie: Cookie | null): void {
    this.#echoes.set(cookieKey(id), cookie);
  }

  /** The write is over; an echo that did not come (nothing changed) is no longer waited for. */
  settle(id: CookieId): void {
    this.#echoes.delete(cookieKey(id));
  }

  #isEcho(key: string, event: CookieEvent): boolean {
    const expected = this.#echoes.get(key);
    if (expected === undefined) return false;
    const matches = expected === null ? event.removed : !event.removed && sameCookie(expected, event.cookie);
    if (matches) this.#echoes.delete(key);
    return matches;
  }
}

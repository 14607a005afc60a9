import type { Initiator } from "../core/moved/initiator.ts";
import { isSameTarget } from "../core/moved/isSameTarget.ts";
import { type HeldCookie, holdsBack, type MovedRequest, movedHeaders, type SeenHeaders } from "../core/moved/movedHeaders.ts";
import { PassingListeners } from "./passingListeners.ts";
import { webext } from "./webext.ts";

type Details = browser.webRequest._OnBeforeSendHeadersDetails;

/** How long a moved request is waited for, in milliseconds. */
const patience = 60_000;
/** cookies.getAll throws without a `firstPartyDomain` where first-party isolation is on; null asks for all, which the types do not know. */
const anyDomain = null as unknown as string;

/** A request of ours that is to look like the one it replaces. */
export interface Replaced {
  url: string;
  method: string;
  /** Undefined for a container that is still to be made. */
  container: string | undefined;
  /** Who asked for the first. */
  initiator: Initiator | Promise<Initiator>;
  /** The addresses that redirected to it. */
  from: readonly string[];
  /** Its own headers, where they were seen. */
  seen: SeenHeaders | undefined;
}

interface Expected extends Replaced {
  wasCrossSite: boolean;
  /** Undefined until it comes; redirects keep it. */
  requestId: string | undefined;
}

/** Gives the requests that our own pages make in the place of others the look of the first (movedHeaders). */
export class MovedRequests {
  readonly #expected = new Set<Expected>();
  readonly #listeners = new PassingListeners(
    (details) => {
      const expected = this.#match(details);
      return expected === undefined ? {} : this.#dress(expected, details);
    },
    (requestId) => this.#end(requestId),
    (requestId) => this.#end(requestId),
  );

  /** The next such request of ours. Answers when Firefox will not let it pass unseen. */
  expect(replaced: Replaced): Promise<void> {
    const expected: Expected = { ...replaced, wasCrossSite: replaced.seen?.site === "cross-site", requestId: undefined };
    this.#expected.add(expected);
    setTimeout(() => {
      if (expected.requestId === undefined) this.#drop(expected);
    }, patience);
    return this.#listeners.on();
  }

  /** Only our own navigations: a person's in the same container is none of this. */
  #match({ requestId, url, method, cookieStoreId, originUrl }: Details): Expected | undefined {
    const all = [...this.#expected];
    const known = all.find((expected) => expected.requestId === requestId);
    if (known !== undefined) return known;
    if (originUrl?.startsWith(webext.runtime.getURL("")) !== true) return undefined;
    const found = all.find(
      (expected) =>
        expected.requestId === undefined &&
        expected.method === method &&
        (expected.container === undefined || expected.container === cookieStoreId) &&
        isSameTarget(expected.url, url),
    );
    if (found !== undefined) found.requestId = requestId;
    return found;
  }

  async #dress(expected: Expected, { url, method, requestHeaders, cookieStoreId }: Details): Promise<browser.webRequest.BlockingResponse> {
    const { from, seen, wasCrossSite } = expected;
    const moved: MovedRequest = { url, method, initiator: await expected.initiator, from, seen, wasCrossSite };
    const cookies = holdsBack(moved) ? await heldCookies(url, cookieStoreId) : undefined;
    expected.from = [...from, new URL(url).origin];
    expected.seen = undefined;
    return { requestHeaders: movedHeaders(requestHeaders ?? [], moved, cookies) };
  }

  #end(requestId: string): void {
    for (const expected of this.#expected) if (expected.requestId === requestId) this.#drop(expected);
  }

  #drop(expected: Expected): void {
    this.#expected.delete(expected);
    if (this.#expected.size === 0) this.#listeners.off();
  }
}

async function heldCookies(address: string, storeId: string | undefined): Promise<HeldCookie[] | undefined> {
  // To http on this machine Firefox sends Secure cookies, but does not list them for it.
  const url = address.replace(/^http:/, "https:");
  try {
    const cookies = await webext.cookies.getAll({ url, ...(storeId !== undefined && { storeId }), partitionKey: {}, firstPartyDomain: anyDomain });
    return cookies.map(({ name, value, sameSite }) => ({ name, value, sameSite }));
  } catch (error) {
    console.error("Stead could not look at a page's cookies, and sends none", error);
    return undefined;
  }
}

import { cookieKey, isExpired } from "../cookie.ts";
import type { Cookie } from "../models.ts";
import { distinct, entriesOf, stateOf } from "./entries.ts";
import { repairExpiry } from "./expiry.ts";
import { cookieFault } from "./fault.ts";
import { canonicalHost, standsAlone } from "./host.ts";
import { partitionSite } from "./partitionSite.ts";
import { overSiteLimit, withinSiteLimit } from "./siteLimit.ts";
import { Tallies } from "./tallies.ts";
import type { Credential, Origin, Read, StorePlace } from "./types.ts";

const namedTwice = "named twice: the later one was taken";

/**
 * Takes in the cookies a file named, one by one: what is meant but written oddly is repaired, what no browser would
 * keep or has expired is dropped, both counted. Of two with one identity the later one stands, as in a browser.
 */
export class Intake {
  readonly repaired = new Tallies();
  readonly dropped = new Tallies();
  readonly unclear: StorePlace[] = [];
  readonly #now: number;
  readonly #cookies = new Map<string, Cookie>();

  /** `now` in milliseconds since 1970. */
  constructor(now: number) {
    this.#now = now;
  }

  add(raw: Cookie): void {
    const cookie = this.#repair(raw);
    if (cookie === undefined) return;
    const fault = cookieFault(cookie);
    if (fault !== undefined) {
      this.dropped.add(fault);
      return;
    }
    if (isExpired(cookie, this.#now)) {
      this.dropped.add("expired");
      return;
    }
    const key = cookieKey(cookie);
    if (this.#cookies.delete(key)) this.repaired.add(namedTwice);
    this.#cookies.set(key, cookie);
  }

  /** Page storage named twice is treated as a cookie is. */
  finish({ origins = [], credentials = [] }: { origins?: readonly Origin[] | undefined; credentials?: readonly Credential[] | undefined } = {}): Read {
    const { entries, twice } = distinct(entriesOf({ cookies: [], origins }));
    this.repaired.add(namedTwice, twice);
    const { cookies, over } = withinSiteLimit([...this.#cookies.values()]);
    this.dropped.add(overSiteLimit, over);
    const opfs = new Map(origins.map((origin) => [origin.origin, origin.opfs]));
    const names = new Map(origins.map((origin): [string, Origin] => [origin.origin, { origin: origin.origin, localStorage: [], sessionStorage: [], databases: [] }]));
    for (const origin of stateOf(entries).origins) names.set(origin.origin, origin);
    return {
      cookies,
      origins: [...names.values()].map((origin) => {
        const carried = opfs.get(origin.origin);
        return { ...origin, ...(carried && { opfs: carried }) };
      }),
      ...(credentials.length > 0 && { credentials: [...credentials] }),
      repaired: this.repaired.list(),
      dropped: this.dropped.list(),
      ...(this.unclear.length > 0 && { unclear: this.unclear }),
    };
  }

  #repair(raw: Cookie): Cookie | undefined {
    const cookie = { ...raw };
    const dot = cookie.domain.startsWith(".");
    const host = canonicalHost(dot ? cookie.domain.slice(1) : cookie.domain);
    if (host === undefined) {
      this.dropped.add("a domain that is no host name");
      return undefined;
    }
    if (dot && standsAlone(host)) {
      this.repaired.add("an address or a single name with a leading dot was read as that host alone");
      cookie.domain = host;
    } else {
      cookie.domain = dot ? `.${host}` : host;
    }
    if (cookie.sameSite === "no_restriction" && !cookie.secure) {
      // Several tools write this for a cookie without the attribute; no browser takes the pair.
      this.repaired.add("SameSite=None without Secure was read as no SameSite");
      cookie.sameSite = "unspecified";
    }
    if (cookie.partitionKey) {
      const { topLevelSite } = cookie.partitionKey;
      const site = partitionSite(topLevelSite);
      // What is no address at all is a fault, found below.
      if (site !== undefined && site !== topLevelSite) {
        this.repaired.add("a partition named by a page's address was read as its site");
        cookie.partitionKey = { ...cookie.partitionKey, topLevelSite: site };
      }
    }
    if (cookie.expires !== undefined) {
      const { expires, repaired } = repairExpiry(cookie.expires);
      cookie.expires = expires;
      if (repaired !== undefined) this.repaired.add(repaired);
    }
    return cookie;
  }
}

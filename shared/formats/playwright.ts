import * as z from "zod/mini";
import type { Cookie, SameSite } from "../models.ts";
import { isWithin } from "../site.ts";
import { lastExpiry } from "./expiry.ts";
import { cookieFault } from "./fault.ts";
import { Intake } from "./intake.ts";
import { type Attribute, blankEdges, firstParty, lateExpiry, type Limit, select, tab } from "./outlet.ts";
import { PlaywrightOrigin, readOrigin, writeOrigin } from "./playwrightOrigin.ts";
import { parseAs, parseJson } from "./refusal.ts";
import { overSiteLimit, withinSiteLimit } from "./siteLimit.ts";
import { Tallies } from "./tallies.ts";
import { Credential, type Format, type Read, type ReadOptions, type State, type WriteOptions, type Written } from "./types.ts";

const what = "The Playwright storage state";

/** As Playwright 1.65 takes it in its `storageState` option: every top key and most of a cookie's optional. */
const PlaywrightCookie = z.object({
  name: z.string(),
  value: z.string(),
  url: z.optional(z.string()),
  domain: z.optional(z.string()),
  path: z.optional(z.string()),
  expires: z.optional(z.number()),
  httpOnly: z.optional(z.boolean()),
  secure: z.optional(z.boolean()),
  sameSite: z.optional(z.enum(["Strict", "Lax", "None"])),
  partitionKey: z.optional(z.string()),
  _crHasCrossSiteAncestor: z.optional(z.boolean()),
}).check(
  z.refine(
    ({ url, domain, path }) => (url === undefined ? domain !== undefined && path !== undefined : domain === undefined && path === undefined),
    { error: "either url or both domain and path" },
  ),
);
type PlaywrightCookie = z.infer<typeof PlaywrightCookie>;

const PlaywrightState = z.object({
  cookies: z.optional(z.array(PlaywrightCookie)),
  origins: z.optional(z.array(PlaywrightOrigin)),
  credentials: z.optional(z.array(Credential)),
});

/** Playwright's storage state, for `newContext({storageState})`. Nothing in it makes Chromium refuse the whole context. */
export const playwright = { write: writePlaywright, read: readPlaywright } satisfies Format;

function writePlaywright(state: State, options: WriteOptions): Written {
  const { dropped, lost, expired, ...selected } = select(state, options, limits, attributes);
  const losses = { dropped: new Tallies(dropped), lost: new Tallies(lost) };
  const { cookies, over } = withinSiteLimit(selected.cookies);
  losses.dropped.add(overSiteLimit, over);
  const origins = state.origins.flatMap((origin) => writeOrigin(origin, losses) ?? []);
  // Before 1.54 Playwright knows no partitions and takes the later of two of one name: that is to be the one without.
  const ordered = [...cookies.filter(({ partitionKey }) => partitionKey), ...cookies.filter(({ partitionKey }) => !partitionKey)];
  const document = { cookies: ordered.map(toPlaywright), origins, ...(state.credentials && { credentials: state.credentials }) };
  return {
    document: `${JSON.stringify(document, null, 2)}\n`,
    cookies: cookies.length,
    origins: origins.length,
    dropped: losses.dropped.list(),
    lost: losses.lost.list(),
    expired,
  };
}

function readPlaywright(text: string, { now }: ReadOptions): Read {
  const document = parseAs(PlaywrightState, parseJson(text, what), what);
  const intake = new Intake(now);
  for (const cookie of document.cookies ?? []) intake.add(fromPlaywright(cookie));
  const origins = (document.origins ?? []).flatMap((origin) => readOrigin(origin, intake) ?? []);
  return intake.finish({ origins, credentials: document.credentials });
}

/**
 * Chromium refuses a whole context for one cookie it does not take (measured with Playwright 1.51 to 1.65 and
 * Chromium 156), so each of these is left out and counted.
 */
const limits: readonly Limit[] = [
  firstParty,
  (cookie) => (cookie.name === "" ? namelessLimit(cookie) : cookieFault(cookie)),
  tab,
  blankEdges,
  (cookie) => (cookie.partitionKey && !cookie.secure ? "partitioned but not Secure" : undefined),
];

/** A cookie without a name is sent as its bare value; it must have one, and one that does not read as a name. */
function namelessLimit(cookie: Cookie): string | undefined {
  if (cookie.value === "" || cookie.value.includes("=")) return "no name";
  return cookieFault({ ...cookie, name: "-" });
}

const attributes: readonly Attribute[] = [
  { name: "SameSite=None without Secure", on: (cookie) => cookie.sameSite === "no_restriction" && !cookie.secure },
  lateExpiry,
];

const sameSiteWords = { strict: "Strict", lax: "Lax", no_restriction: "None" } as const;

function toPlaywright(cookie: Cookie): PlaywrightCookie {
  const { name, value, domain, path, httpOnly, secure, sameSite, partitionKey } = cookie;
  const dropsSameSite = sameSite === "unspecified" || (sameSite === "no_restriction" && !secure);
  return {
    name,
    value,
    // Chromium takes an IPv6 address in brackets only.
    domain: domain.includes(":") && !domain.startsWith("[") ? `[${domain}]` : domain,
    path,
    expires: Math.min(cookie.expires ?? -1, lastExpiry),
    httpOnly,
    secure,
    ...(!dropsSameSite && { sameSite: sameSiteWords[sameSite] }),
    ...(partitionKey && {
      partitionKey: partitionKey.topLevelSite,
      _crHasCrossSiteAncestor: partitionKey.hasCrossSiteAncestor ?? isCrossSite(domain, partitionKey.topLevelSite),
    }),
  };
}

/** As Firefox itself derives the bit for a cookie that has none recorded (ext-cookies.js, getExtPartitionKey). */
function isCrossSite(domain: string, topLevelSite: string): boolean {
  return !URL.canParse(topLevelSite) || !isWithin(domain, new URL(topLevelSite).hostname);
}

function fromPlaywright(cookie: PlaywrightCookie): Cookie {
  const { name, value, expires = -1, httpOnly = false, sameSite, partitionKey } = cookie;
  return {
    ...placeOf(cookie),
    name,
    value,
    httpOnly,
    sameSite: sameSite === undefined ? "unspecified" : firefoxWords[sameSite],
    ...(expires !== -1 && { expires }),
    // Playwright takes the bit for set where a file does not say.
    ...(partitionKey && { partitionKey: { topLevelSite: partitionKey, hasCrossSiteAncestor: cookie._crHasCrossSiteAncestor ?? true } }),
  };
}

const firefoxWords = { Strict: "strict", Lax: "lax", None: "no_restriction" } as const satisfies Record<string, SameSite>;

/** A url stands for its host alone, the folder of its path and its scheme, as Playwright's rewriteCookies() has it. */
function placeOf(cookie: PlaywrightCookie): Pick<Cookie, "domain" | "path" | "secure"> {
  if (cookie.url === undefined) return { domain: cookie.domain ?? "", path: cookie.path ?? "", secure: cookie.secure ?? false };
  if (!URL.canParse(cookie.url)) return { domain: "", path: "/", secure: false };
  const { hostname, pathname, protocol } = new URL(cookie.url);
  return { domain: hostname, path: pathname.slice(0, pathname.lastIndexOf("/") + 1), secure: protocol === "https:" };
}

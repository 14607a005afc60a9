import { isHostOnly } from "../cookie.ts";
import type { Cookie } from "../models.ts";
import { lastExpiry } from "./expiry.ts";
import { byteLength, cookieFault } from "./fault.ts";
import { canonicalHost, standsAlone } from "./host.ts";
import { Intake } from "./intake.ts";
import {
  type Attribute, blankEdges, firstParty, fraction, httpOnly, lateExpiry, type Limit, partitioned, sameSite, select, tab, withoutStorage,
} from "./outlet.ts";
import { refusal, withoutMark } from "./refusal.ts";
import type { Format, Read, ReadOptions, State, WriteOptions, Written } from "./types.ts";

const what = "The cookie file";
export const netscapeHeader = "# Netscape HTTP Cookie File";
/** curl and yt-dlp read it; wget takes the line for a comment. */
const httpOnlyPrefix = "#HttpOnly_";
/** curl skips a longer line (MAX_COOKIE_LINE of 5,000 with the line's end and a NUL, lib/cookie.h). */
const curlLineLimit = 4998;

const textLimits: readonly Limit[] = [partitioned, firstParty, cookieFault, tab, blankEdges];
const textAttributes: readonly Attribute[] = [sameSite, fraction, lateExpiry];

/** A cookies.txt as curl, yt-dlp and Python's MozillaCookieJar read it. */
export const netscape = {
  write: (state, options) =>
    writeLines(state, options, {
      line: (cookie) => `${cookie.httpOnly ? httpOnlyPrefix : ""}${fields(cookie)}`,
      limits: [
        ...textLimits,
        (cookie) => (byteLength(httpOnlyPrefix + fields(cookie)) > curlLineLimit ? "a line over curl's 5,000 bytes" : undefined),
      ],
      attributes: textAttributes,
    }),
  read: readNetscape,
} satisfies Format;

/** A cookies.txt as wget reads it: without the HttpOnly prefix, whose lines wget would skip. */
export const wget = {
  write: (state, options) =>
    writeLines(state, options, { line: fields, limits: textLimits, attributes: [httpOnly, ...textAttributes] }),
  read: readNetscape,
} satisfies Format;

interface Dialect {
  line: (cookie: Cookie) => string;
  limits: readonly Limit[];
  attributes: readonly Attribute[];
}

function writeLines(state: State, options: WriteOptions, dialect: Dialect): Written {
  const { cookies, dropped, ...counts } = select(state, options, dialect.limits, dialect.attributes);
  const lines = [netscapeHeader, ...cookies.map(dialect.line)];
  return { document: `${lines.join("\n")}\n`, cookies: cookies.length, origins: 0, dropped: withoutStorage(state, dropped), ...counts };
}

/** Python's reader rejects the whole file where the second field and the domain's dot disagree. */
function fields(cookie: Cookie): string {
  const expires = cookie.expires === undefined ? 0 : Math.min(Math.floor(cookie.expires), lastExpiry);
  return [
    // Both curl and wget compare with an IPv6 address without its brackets.
    cookie.domain.replace(/^\[(.*)\]$/, "$1"),
    isHostOnly(cookie) ? "FALSE" : "TRUE",
    cookie.path,
    cookie.secure ? "TRUE" : "FALSE",
    String(expires),
    cookie.name,
    cookie.value,
  ].join("\t");
}

/** Reads either dialect, and what curl, wget, yt-dlp and Python write. */
function readNetscape(text: string, { now }: ReadOptions): Read {
  const intake = new Intake(now);
  let recognized = false;
  for (const [index, raw] of linesOf(withoutMark(text)).entries()) {
    const line = raw.startsWith(httpOnlyPrefix) ? raw.slice(httpOnlyPrefix.length) : raw;
    const comment = line.trim() === "" || line.startsWith("#");
    if (!comment) intake.add(readLine(line, { number: index + 1, httpOnly: line !== raw, intake }));
    recognized ||= !comment || /^# (Netscape )?HTTP Cookie File/.test(raw);
  }
  if (!recognized) throw refusal(what, `the line "${netscapeHeader}" or at least one cookie`);
  return intake.finish();
}

/** With the line ends of any system; a text that has the usual ones has no others. */
function linesOf(text: string): string[] {
  return text.includes("\n") ? text.split(/\r?\n/) : text.split("\r");
}

function readLine(line: string, { number, httpOnly, intake }: { number: number; httpOnly: boolean; intake: Intake }): Cookie {
  const place = `${what}, line ${number}`;
  const [domain = "", subdomains = "", path = "", secure = "", expires = "", name, ...rest] = line.split("\t");
  if (name === undefined) throw refusal(place, "seven fields with a tab between them");
  // Editors cut the tab in front of an empty value; curl reads it so too.
  if (rest.length === 0) intake.repaired.add("a missing value was read as empty");
  return {
    domain: withFlag(domain, readFlag(subdomains, place, "second"), intake),
    path,
    secure: readFlag(secure, place, "fourth"),
    name,
    // A value with a tab in it: wget writes and reads it so.
    value: rest.join("\t"),
    httpOnly,
    sameSite: "unspecified",
    ...readExpiry(expires, place, intake),
  };
}

/** Where dot and flag disagree the flag decides, as in curl. */
function withFlag(domain: string, subdomains: boolean, intake: Intake): string {
  const bare = domain.replace(/^\./, "");
  const host = canonicalHost(bare);
  if (host !== undefined && standsAlone(host)) return domain;
  if (subdomains !== domain.startsWith(".")) intake.repaired.add("the domain's dot and the flag beside it disagreed: the flag was taken");
  return subdomains ? `.${bare}` : bare;
}

function readFlag(text: string, place: string, which: string): boolean {
  const flag = text.toUpperCase();
  if (flag !== "TRUE" && flag !== "FALSE") throw refusal(place, `TRUE or FALSE in the ${which} field`);
  return flag === "TRUE";
}

/** 0 is a session cookie, as is nothing at all (Python writes that) and, by mistake of several tools, -1. */
function readExpiry(text: string, place: string, intake: Intake): { expires?: number } {
  if (!/^(-?\d+(\.\d+)?)?$/.test(text)) throw refusal(place, "seconds since 1970 in the fifth field");
  const expires = Number(text);
  if (expires === -1) intake.repaired.add("an expiry of -1 was read as a session cookie");
  return expires === 0 || expires === -1 ? {} : { expires };
}

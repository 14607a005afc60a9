import { SteadError } from "../errors.ts";
import type { Cookie } from "../models.ts";
import { cookieFault } from "./fault.ts";
import { isSentTo, onlyHost, standsAlone } from "./host.ts";
import { blankEdges, firstParty, httpOnly, type Limit, partitioned, sameSite, select, withoutStorage } from "./outlet.ts";
import type { Format, State, WriteOptions, Written } from "./types.ts";

/**
 * A curl configuration for `curl -K -`: the Cookie header of one host. It is written as a header and not with curl's
 * `cookie` option because curl 7.88 sends that one along to other hosts when it follows a redirect, and loses it
 * without a word from 4,094 bytes on (both measured); a header goes to the first host, port and scheme alone.
 */
export const curl = { write: writeCurl } satisfies Format;

function writeCurl(state: State, options: WriteOptions): Written {
  const host = options.host ?? onlyHost(state.cookies);
  if (host === undefined && state.cookies.length > 0) {
    throw new SteadError("usage", "A curl configuration holds the cookies of one host; these belong to several.", {
      hint: "Name the host with --domain, or use --format netscape with curl -b FILE.",
    });
  }
  const limits: Limit[] = [
    partitioned,
    firstParty,
    cookieFault,
    blankEdges,
    (cookie) => (host !== undefined && isSentTo(cookie, host) ? undefined : "for another host than the one named"),
    (cookie) => (cookie.path === "/" ? undefined : "for one path only"),
  ];
  const { cookies, dropped, ...counts } = select(state, options, limits, [sameSite, httpOnly, expiry]);
  const lines = [
    host === undefined ? "# No cookies." : `# Cookies for ${host} alone. Use: curl -K - URL`,
    ...(cookies.length === 0 ? [] : [`header = "${escape(`Cookie: ${cookies.map(pair).join("; ")}`)}"`]),
    ...(host !== undefined && needsTls(cookies, host) ? ['proto = "=https"'] : []),
  ];
  return { document: `${lines.join("\n")}\n`, cookies: cookies.length, origins: 0, dropped: withoutStorage(state, dropped), ...counts };
}

const expiry = { name: "the expiry", on: (cookie: Cookie) => cookie.expires !== undefined };

function pair(cookie: Cookie): string {
  return `${cookie.name}=${cookie.value}`;
}

/** A header knows no Secure attribute, so the transfer itself is bound to https; browsers make the same exception for loopback. */
function needsTls(cookies: readonly Cookie[], host: string): boolean {
  const loopback = host === "[::1]" || /(^|\.)localhost$/.test(host) || (standsAlone(host) && host.startsWith("127."));
  return !loopback && cookies.some((cookie) => cookie.secure);
}

/** Within quotes curl knows these escapes (curl(1), --config). */
function escape(text: string): string {
  return text.replace(/["\\]/g, "\\$&").replace(/\t/g, "\\t");
}

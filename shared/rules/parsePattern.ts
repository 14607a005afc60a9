import { badPattern } from "./badPattern.ts";
import { canonicalPath } from "./canonicalPath.ts";
import { compileExpression } from "./compileExpression.ts";
import { isAddress, parseHost } from "./parseHost.ts";
import { parseUrl } from "./parseUrl.ts";
import type { Pattern, PortRange, Scheme, SitePattern } from "./pattern.ts";

/** In UTF-16 units. */
const longestPattern = 2000;

/**
 * Reads the rule language (docs/rules.md): `host`, `*.host`, each with `scheme://` before and `:port`, `:from-to` and a
 * `/path` after it, or `/expression/`; all with `!` before them. Throws SteadError `badPattern`.
 */
export function parsePattern(text: string): Pattern {
  const trimmed = text.trim();
  if (trimmed.length > longestPattern) {
    throw badPattern(`Expected a pattern of at most ${longestPattern} characters, but got ${trimmed.length}.`);
  }
  const exclude = trimmed.startsWith("!");
  const body = exclude ? trimmed.slice(1) : trimmed;
  if (body === "") throw badPattern("Expected a pattern, but got nothing.");
  if (/\p{Cc}/u.test(body)) throw badPattern("Expected a pattern on one line, but got a control character.");
  if (!body.startsWith("/")) return parseSite(body, exclude);

  if (body.length < 3 || !body.endsWith("/")) {
    throw badPattern(
      "Expected a host before the path, or an expression between two slashes, but got a slash at the front alone.",
      "Write example.com/path, or /expression/ for a regular expression.",
    );
  }
  const source = body.slice(1, -1);
  return { kind: "expression", exclude, source, matches: compileExpression(source) };
}

function parseSite(body: string, exclude: boolean): SitePattern {
  if (/[?#]/.test(body)) {
    throw badPattern("Expected a pattern that ends with the path, but got a query or a fragment.", "Leave out everything from the ? or # on; only an expression sees the query.");
  }
  const [, schemeText, rest = ""] = /^(?:([^/]*):\/\/)?(.*)$/su.exec(body) ?? [];
  const slash = rest.indexOf("/");
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  if (authority.includes("@")) throw badPattern("Expected a host, but got a user name before it.", "Leave out everything up to the @.");
  const [, hostText = "", portText] = /^(.*?)(?::([^:\]]*))?$/su.exec(authority) ?? [];
  const subdomains = hostText.startsWith("*.");
  return {
    kind: "site",
    exclude,
    scheme: parseScheme(schemeText),
    host: parseOneHost(subdomains ? hostText.slice(2) : hostText, subdomains),
    subdomains,
    ports: portText === undefined ? undefined : parsePorts(portText),
    path: slash === -1 ? "" : parsePath(rest.slice(slash)),
  };
}

function parseScheme(text: string | undefined): Scheme | undefined {
  if (text === undefined || text === "*") return undefined; // `*://` is how match patterns say http and https.
  const scheme = text.toLowerCase();
  if (scheme === "http" || scheme === "https") return scheme;
  throw badPattern(`Expected http or https, but got the scheme "${text}".`, "Leave the scheme out for both.");
}

function parseOneHost(text: string, subdomains: boolean): string {
  if (text.includes("*")) {
    throw badPattern(
      `Expected a * only as *. before the host, but got "${text}".`,
      "Write *.example.com for a host and everything below it, or an /expression/ for the rest.",
    );
  }
  if (text.startsWith(".")) {
    throw badPattern(`Expected a host, but got "${text}".`, "Write *.example.com for a host and everything below it.");
  }
  const host = parseHost(text);
  if (host === undefined) {
    throw badPattern(`Expected a host such as example.com, 127.0.0.1 or [::1], but got "${text}".`);
  }
  if (subdomains && isAddress(host)) throw badPattern(`Expected a name after *., but got the address ${host}.`, "Nothing is below an address; leave out the *.");
  return host;
}

function parsePorts(text: string): PortRange {
  const [, first = "", last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const ports = { from: Number(first), to: Number(last) };
  if (ports.from >= 1 && ports.from <= ports.to && ports.to <= 65_535) return ports;
  throw badPattern(`Expected a port from 1 to 65535 or a range such as 5170-5179, but got "${text}".`, "Leave the port out for any.");
}

/** From the first slash on. `/acme`, `/acme/` and `/acme/*` are one. */
function parsePath(text: string): string {
  const prefix = text.endsWith("/*") ? text.slice(0, -1) : text;
  if (prefix.includes("*")) {
    throw badPattern(
      "Expected a * in a path only as its last segment, but got another.",
      "github.com/acme is everything from that segment on. Write %2A for the character itself, or an /expression/.",
    );
  }
  const pathname = parseUrl(`http://host${prefix}`)?.pathname;
  if (pathname === undefined) throw badPattern("Expected a path, but got what no URL has.");
  return canonicalPath(pathname).replace(/\/+$/, "");
}

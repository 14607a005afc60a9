import { canonicalPath } from "./canonicalPath.ts";
import { hostAndParents, withoutDot } from "./parseHost.ts";
import { parseUrl } from "./parseUrl.ts";
import type { Scheme } from "./pattern.ts";

/** The part of a URL that most rules ask for. */
export interface Origin {
  scheme: Scheme;
  host: string;
  /** What `*.` patterns are looked up by. */
  hostAndParents: readonly string[];
  /** The scheme's own where the URL names none. */
  port: number;
}

/** Origins by their serialised text; a memory of parses, so that one look-up may serve many pages of a site. */
export type OriginCache = Map<string, Origin>;

const cachedOrigins = 512;

/** A URL as patterns see it. Path and text are worked out when first asked for: most decisions need neither. */
export class Target {
  readonly origin: Origin;
  readonly #url: string;
  readonly #pathAt: number | undefined;
  #path: string | undefined;
  #text: string | undefined;

  /** `pathAt`: where the path begins in `url`, if it is known to be what the parser takes for the path. */
  constructor(origin: Origin, url: string, pathAt?: number) {
    this.origin = origin;
    this.#url = url;
    this.#pathAt = pathAt;
  }

  /** In canonical form (canonicalPath), beginning with a slash. */
  get path(): string {
    return (this.#path ??= canonicalPath(simplePath(this.#url, this.#pathAt) ?? new URL(this.#url).pathname));
  }

  /** What expressions match: scheme, host, port unless it is the scheme's own, canonical path and query; no fragment, no user. */
  get text(): string {
    return (this.#text ??= this.#writeText());
  }

  #writeText(): string {
    const { scheme, host, port } = this.origin;
    const portText = port === ownPort[scheme] ? "" : `:${port}`;
    return `${scheme}://${host}${portText}${this.path}${new URL(this.#url).search}`;
  }
}

/** Undefined for what is no http or https URL: no pattern matches it. */
export function readTarget(url: string, cache?: OriginCache): Target | undefined {
  const end = authorityEnd(url);
  if (end !== -1) {
    const text = url.slice(0, end);
    const origin = cache?.get(text) ?? readOrigin(text, cache);
    if (origin !== undefined) return new Target(origin, url, end);
  }
  const parsed = parseUrl(url);
  const origin = parsed && originOf(parsed);
  return origin && new Target(origin, url);
}

/**
 * Where scheme and authority end in a URL that begins as a serialised one does; -1 for any other. Nothing behind that
 * place changes how the parser reads what is before it.
 */
function authorityEnd(url: string): number {
  const begin = url.startsWith("https://") ? 8 : url.startsWith("http://") ? 7 : -1;
  if (begin === -1) return -1;
  for (let at = begin; at < url.length; at++) {
    const unit = url.charCodeAt(at);
    if (unit === slash || unit === question || unit === hash || unit === backslash) return at;
  }
  return url.length;
}

function readOrigin(text: string, cache: OriginCache | undefined): Origin | undefined {
  const parsed = parseUrl(`${text}/`);
  const origin = parsed && originOf(parsed);
  // Only what is written as the parser writes it is remembered, and the key is the parser's string: a part cut from a
  // URL would keep the whole of it, tokens included, in memory. An origin with a user name is remembered by no one.
  if (origin !== undefined && cache !== undefined && parsed?.origin === text) {
    if (cache.size >= cachedOrigins) cache.clear();
    cache.set(parsed.origin, origin);
  }
  return origin;
}

function originOf(url: URL): Origin | undefined {
  const scheme = url.protocol === "https:" ? "https" : url.protocol === "http:" ? "http" : undefined;
  if (scheme === undefined) return undefined;
  const host = withoutDot(url.hostname);
  return { scheme, host, hostAndParents: hostAndParents(host), port: url.port === "" ? ownPort[scheme] : Number(url.port) };
}

/** The path of a URL in which the parser would change nothing; undefined when it might. */
function simplePath(url: string, begin: number | undefined): string | undefined {
  if (begin === undefined) return undefined;
  simple.lastIndex = begin;
  const path = simple.exec(url)?.[0];
  return path === undefined || path.includes("/.") ? undefined : path;
}

const simple = /\/[\w\-.~!$&'()*+,;=:@/]*(?=[?#]|$)/y;

const ownPort: Record<Scheme, number> = { http: 80, https: 443 };
const slash = 0x2f;
const question = 0x3f;
const hash = 0x23;
const backslash = 0x5c;

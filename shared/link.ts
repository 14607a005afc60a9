import { SteadError } from "./errors.ts";
import { readWebUrl } from "./webUrl.ts";

/** A link that opens an address in a project: `ext+stead:open?project=acme&url=https%3A%2F%2Fexample.com&mac=…`. */
export interface Link {
  /** http or https, as the browser writes it. */
  url: string;
  /** A name, for people: what counts is what the mac was made over. */
  project: string | undefined;
  /** Base64url; whether it is right only the store can say. */
  mac: string | undefined;
}

/** In UTF-16 units; more than any browser takes in its address bar. */
const longestLink = 65_536;

/** What parseLink() reads back. `url` must be what readWebUrl() answers. */
export function formatLink({ url, project, mac }: Link): string {
  const fields = Object.entries({ project, url, mac }).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${encodeURIComponent(value)}`));
  return `ext+stead:open?${fields.join("&")}`;
}

/**
 * Throws `badLink`. Every field is wanted at most once and no other is taken: an address that was not encoded falls apart
 * at its own `&` and `#`, and must not be opened in part.
 */
export function parseLink(text: string): Link {
  if (text.length > longestLink) throw badLink(`at most ${longestLink} characters`, `${text.length}`);
  const [, action, query, fragment] = /^ext\+stead:([^?#]*)(?:\?([^#]*))?(#.*)?$/isu.exec(text.trim()) ?? [];
  if (action === undefined) throw badLink("ext+stead: at its beginning", "something else");
  if (action !== "open") throw badLink("open after ext+stead:", "another word");
  if (fragment !== undefined) throw badLink("an encoded address (%23 for #)", "a # in it");
  const fields = readFields(query ?? "");
  const given = fields.get("url");
  if (given === undefined) throw badLink("an address (url=)", "none");
  const url = readWebUrl(given);
  if (url === undefined) throw badLink("an http or https address", "another");
  return { url, project: fields.get("project"), mac: fields.get("mac") };
}

type Field = "project" | "url" | "mac";

/** Empty ones are as good as absent. */
function readFields(query: string): Map<Field, string> {
  const fields = new Map<Field, string>();
  for (const part of query.split("&")) {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/su.exec(part) ?? [];
    if (part === "") continue;
    if (name !== "project" && name !== "url" && name !== "mac") {
      throw badLink("only project, url and mac, and an encoded address (%26 for &)", "another field");
    }
    if (fields.has(name)) throw badLink(`one ${name}`, "several");
    if (value !== "") fields.set(name, decode(value));
  }
  return fields;
}

/** A plus stays one: links are no forms. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw badLink("percent-encoded UTF-8", "something else", cause);
  }
}

function badLink(expected: string, got: string, cause?: unknown): SteadError {
  return new SteadError("badLink", `The link was expected to have ${expected}; it has ${got}.`, { cause });
}

import { SteadError } from "./errors.ts";
import { parseUrl } from "./rules/parseUrl.ts";

/** The address as the browser writes it; undefined unless it is an http or https one. */
export function readWebUrl(text: string): string | undefined {
  const url = parseUrl(text);
  return url?.protocol === "http:" || url?.protocol === "https:" ? url.href : undefined;
}

/** As readWebUrl(), but throws `badUrl`. The message shows no more than the scheme: an address may hold a secret. */
export function expectWebUrl(text: string): string {
  const url = readWebUrl(text);
  if (url !== undefined) return url;
  const scheme = parseUrl(text)?.protocol;
  throw new SteadError("badUrl", `Expected an http or https address, but got ${scheme === undefined ? "none" : `one that begins with ${scheme}`}.`);
}

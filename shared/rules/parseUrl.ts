/**
 * What the WHATWG parser makes of the text; undefined where it refuses. URL.parse is younger than the oldest Node and
 * Firefox that are supported, and Node 20's URL.canParse, once optimised, refuses `https://ü`, which new URL takes.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

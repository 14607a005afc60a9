import type { Pattern } from "./pattern.ts";

/** The canonical text: what parsePattern() reads back, the same for equal patterns. */
export function formatPattern(pattern: Pattern): string {
  const mark = pattern.exclude ? "!" : "";
  if (pattern.kind === "expression") return `${mark}/${pattern.source}/`;
  const { scheme, subdomains, host, ports, path } = pattern;
  const port = ports === undefined ? "" : ports.from === ports.to ? `:${ports.from}` : `:${ports.from}-${ports.to}`;
  return `${mark}${scheme === undefined ? "" : `${scheme}://`}${subdomains ? "*." : ""}${host}${port}${path.replaceAll("*", "%2A")}`;
}

import { SteadError } from "../../shared/errors.ts";
import { parseHost } from "../../shared/rules/parseHost.ts";
import { expectWebUrl } from "../../shared/webUrl.ts";

/**
 * An address as a person types it: what has no scheme begins with a host, and is meant for http on this machine, for https
 * anywhere else. Throws `badUrl` without repeating what was typed.
 */
export function readTypedUrl(typed: string): string {
  const text = typed.trim();
  // `localhost:3000` is a host with a port, `mailto:x` is a scheme.
  const [, scheme] = /^([a-z][a-z\d+.-]*):(?!\d+(?:[/?#]|$))/i.exec(text) ?? [];
  if (scheme !== undefined) return expectWebUrl(text);
  const bare = text.replace(/^\/\//, "");
  const [, hostText = ""] = /^([^/?#]*?)(?::\d*)?(?:[/?#]|$)/su.exec(bare) ?? [];
  const host = parseHost(hostText);
  if (host === undefined) throw new SteadError("badUrl", "Expected an http or https address, or one that begins with a host.");
  return expectWebUrl(`${isLoopback(host) ? "http" : "https"}://${bare}`);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host) || host === "0.0.0.0";
}

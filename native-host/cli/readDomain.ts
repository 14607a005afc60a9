import { SteadError } from "../../shared/errors.ts";
import { canonicalHost } from "../../shared/formats/index.ts";

/** What `--domain` names, as a host in canonical form; `what` is what the error calls it. Throws `usage`. */
export function readDomain(domain: string | undefined, what = "--domain"): string | undefined {
  if (domain === undefined) return undefined;
  const host = canonicalHost(domain.replace(/^\./, ""));
  if (host !== undefined) return host;
  throw new SteadError("usage", `${what} expects a host name such as app.example.com; ${JSON.stringify(domain)} is none.`);
}

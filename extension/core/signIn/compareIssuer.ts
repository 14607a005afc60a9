import { parseUrl } from "../../../shared/rules/parseUrl.ts";
import { registrableDomain } from "../../../shared/site.ts";
import type { SignInRecord } from "./signInRecord.ts";

/** Microsoft's two names for one issuer: the tenant's tokens of the first version come from sts.windows.net. */
const aliases: Readonly<Record<string, string>> = { "windows.net": "microsoftonline.com" };

/**
 * What a callback's `iss` (RFC 9207) says of the flow it claims to end. Hosts are compared: what follows names a tenant.
 * A host of the same owner may be another tenant's, or the same one's other name: that is for the user to say.
 */
export function compareIssuer(issuer: string | undefined, record: Pick<SignInRecord, "issuer" | "provider">): "fits" | "unsure" | "contradicts" {
  if (issuer === undefined) return "fits";
  const url = parseUrl(issuer);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return "contradicts";
  const expected = [new URL(record.provider).host, ...(record.issuer === null ? [] : [record.issuer])];
  if (expected.includes(url.host)) return "fits";
  const owner = ownerOf(url.hostname);
  return expected.some((host) => ownerOf(new URL(`http://${host}`).hostname) === owner) ? "unsure" : "contradicts";
}

function ownerOf(host: string): string {
  const domain = registrableDomain(host);
  return aliases[domain] ?? domain;
}

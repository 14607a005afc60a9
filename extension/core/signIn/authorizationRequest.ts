import { parseUrl } from "../../../shared/rules/parseUrl.ts";
import type { PageRequest } from "../routing/pageRequest.ts";
import { addressOf, carriersOf, type FlowParameters } from "./flowParameters.ts";
import { isLoopback } from "./isLoopback.ts";
import { responseModes, type SignInRecord } from "./signInRecord.ts";
import { unverifiedClaims } from "./unverifiedClaims.ts";

/** A request that leaves for a provider to sign in. `state` is a secret: it is hashed, never kept. */
export interface AuthorizationRequest extends Pick<SignInRecord, "redirect" | "provider" | "issuer" | "responseMode" | "pkce" | "nonce"> {
  state: string | undefined;
}

/**
 * Reads it from a page request (OAuth 2.0, OpenID Connect, JAR, PAR). `response_type` is not asked for: GitHub leaves it
 * out. Undefined for any other request, and for one whose redirect address is neither this machine's nor one that
 * `isRuled` says a rule gives to a project.
 */
export function readAuthorizationRequest(
  request: Pick<PageRequest, "url" | "formData">,
  isRuled: (url: string) => boolean,
): AuthorizationRequest | undefined {
  if (!mayLeave(request)) return undefined;
  const url = parseUrl(request.url);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  for (const parameters of carriersOf(request, url)) {
    const found = read(parameters, url, isRuled);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A quick look that costs ordinary pages next to nothing. */
function mayLeave({ url, formData }: Pick<PageRequest, "url" | "formData">): boolean {
  return url.includes("client_id=") || (formData !== undefined && "client_id" in formData);
}

function read(parameters: FlowParameters, url: URL, isRuled: (url: string) => boolean): AuthorizationRequest | undefined {
  if (parameters.get("client_id") === undefined) return undefined;
  const token = parameters.get("request");
  const claims = token === undefined ? undefined : unverifiedClaims(token);
  // What a signed request says counts before what stands beside it (RFC 9101 section 6.3).
  const get = (name: string): string | undefined => textOf(claims?.[name]) ?? parameters.get(name);
  const isHidden = parameters.get("request_uri") !== undefined || (token !== undefined && claims === undefined);
  const redirectUri = get("redirect_uri");
  if (redirectUri === undefined && !isHidden) return undefined;
  const redirect = redirectUri === undefined ? undefined : readRedirect(redirectUri, isRuled);
  if (redirectUri !== undefined && redirect === undefined) return undefined;
  const mode = get("response_mode");
  return {
    state: get("state"),
    redirect: redirect ?? null,
    provider: url.origin,
    issuer: hostOf(textOf(claims?.["aud"])) ?? null,
    responseMode: responseModes.find((known) => known === mode) ?? null,
    pkce: get("code_challenge") !== undefined,
    nonce: get("nonce") !== undefined,
  };
}

function readRedirect(text: string, isRuled: (url: string) => boolean): string | undefined {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  return isLoopback(url.hostname) || isRuled(url.href) ? addressOf(url) : undefined;
}

function hostOf(text: string | undefined): string | undefined {
  const url = text === undefined ? undefined : parseUrl(text);
  return url?.protocol === "https:" ? url.host : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

import * as z from "zod/mini";

const longest = 16_384;
const Claims = z.record(z.string(), z.unknown());

/**
 * What a JWT says, read without checking who says it: good for recognising, never for trusting. Undefined for an
 * encrypted one, for what is no JWT, and for more than 16 KiB.
 */
export function unverifiedClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  if (token.length > longest) return undefined;
  const parts = token.split(".");
  const payload = parts[1];
  if (parts.length !== 3 || payload === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const claims = Claims.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    return claims.success ? claims.data : undefined;
  } catch {
    return undefined;
  }
}

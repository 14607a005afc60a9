import * as z from "zod/mini";
import { ProjectId } from "../../../shared/models.ts";

const minute = 60_000;

/** How long a flow is waited for, and its provider's pages stay where they are, in milliseconds. */
export const pendingFor = 15 * minute;
/** How long after its beginning a flow's callback is taken into its project. */
export const acceptedFor = 10 * minute;
/** How long a callback is remembered after its one use, so that a replay can be told from an unknown one. */
export const rememberedFor = 10 * minute;
/** How long a flow whose state is not known may make Stead ask. */
export const askedFor = 2 * minute;
export const mostRecords = 256;
/** Of a flow: the sites that its provider handed it on to. */
export const mostSites = 8;

/** Where a provider says the answer comes back; any other word is kept as none, since a page wrote it. */
export const responseModes = ["query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt", "jwt", "web_message"] as const;

/** A sign-in flow that left a project. Never the state, a code, a token or a nonce: those are other people's secrets. */
export const SignInRecord = z.object({
  /** Salted hash of `state`; null: a weak record, of a request that does not show it (PAR, an encrypted request) or has none. */
  state: z.nullable(z.string()),
  /** The state has fewer than eight characters: too few to tell flows apart. */
  short: z.boolean(),
  project: ProjectId,
  /** Its cookieStoreId. */
  container: z.string(),
  tab: z.number(),
  /** The request that left, redirects included: they keep the id. */
  request: z.string(),
  /** Origin of the page that began it; null when a person or another program did. */
  page: z.nullable(z.string()),
  /** Origin and path of the redirect address; null where the request does not show it. */
  redirect: z.nullable(z.string()),
  /** Origin of the authorisation endpoint. */
  provider: z.string(),
  /** Sites (siteOf) whose pages are this flow's in its tab: the provider's, and those it handed on to. */
  sites: z.array(z.string()),
  /** Host of the issuer where the request names it. */
  issuer: z.nullable(z.string()),
  responseMode: z.nullable(z.enum(responseModes)),
  pkce: z.boolean(),
  nonce: z.boolean(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** When its callback came. */
  used: z.nullable(z.number()),
});
export type SignInRecord = z.infer<typeof SignInRecord>;

/** Whether the flow's callback is still waited for. */
export function isPending(record: SignInRecord, at: number): boolean {
  return record.used === null && at - record.at < pendingFor;
}

/** Whether it is still worth keeping: waited for, or used a short time ago. */
export function isKept(record: SignInRecord, at: number): boolean {
  return record.used === null ? isPending(record, at) : at - record.used < rememberedFor;
}

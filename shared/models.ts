import * as z from "zod/mini";

/**
 * Firefox's container colours by the names every supported version takes: 153 renamed two (turquoise→cyan,
 * toolbar→gray) and added violet, and keeps the old names as aliases (facts: contextualIdentities).
 */
export const colors = ["blue", "turquoise", "green", "yellow", "orange", "red", "pink", "purple", "toolbar"] as const;
export const icons = [
  "fingerprint", "briefcase", "dollar", "cart", "vacation", "gift", "food",
  "fruit", "pet", "tree", "chill", "circle", "fence",
] as const;

export const Color = z.enum(colors);
export type Color = z.infer<typeof Color>;
export const Icon = z.enum(icons);
export type Icon = z.infer<typeof Icon>;

/** An id of our own, a UUID: never a container id, which is local to one Firefox profile. */
export const ProjectId = z.string().check(z.regex(/^[0-9a-f-]{36}$/));
export type ProjectId = z.infer<typeof ProjectId>;

/** 1 to 64 characters, trimmed, none of them control or format characters, not beginning with a dash (it would read as an option). */
export const ProjectName = z.string().check(
  z.minLength(1),
  z.maxLength(64),
  z.regex(/^(?![-\s])[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*(?<!\s)$/u),
);

export const Project = z.object({
  id: ProjectId,
  name: ProjectName,
  color: Color,
  icon: Icon,
});
export type Project = z.infer<typeof Project>;

/** What can be changed of a project; an absent field stays. */
export const ProjectPatch = z.object({
  name: z.optional(ProjectName),
  color: z.optional(Color),
  icon: z.optional(Icon),
});
export type ProjectPatch = z.infer<typeof ProjectPatch>;

export const SameSite = z.enum(["unspecified", "no_restriction", "lax", "strict"]);
export type SameSite = z.infer<typeof SameSite>;

/** CHIPS: the top-level site the cookie is partitioned by, and whether a cross-site frame stood between. */
export const PartitionKey = z.object({
  topLevelSite: z.string(),
  hasCrossSiteAncestor: z.optional(z.boolean()),
});
export type PartitionKey = z.infer<typeof PartitionKey>;

/**
 * A cookie's identity (RFC 6265bis section 5.7 with the partition and Firefox's first-party domain).
 * `domain` begins with a dot for a domain cookie and has none for a host-only one, as Firefox has it;
 * both may exist side by side.
 */
export const CookieId = z.object({
  domain: z.string(),
  path: z.string(),
  name: z.string(),
  partitionKey: z.optional(PartitionKey),
  firstPartyDomain: z.optional(z.string()),
});
export type CookieId = z.infer<typeof CookieId>;

/** `expires` is in seconds since 1970, a float; absent for a session cookie. */
export const Cookie = z.extend(CookieId, {
  value: z.string(),
  secure: z.boolean(),
  httpOnly: z.boolean(),
  sameSite: SameSite,
  expires: z.optional(z.number()),
});
export type Cookie = z.infer<typeof Cookie>;

/** One cookie that changed in a container. `at` is the time of the change in milliseconds since 1970. */
export const CookieChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("set"), cookie: Cookie, at: z.number() }),
  z.object({ kind: z.literal("remove"), id: CookieId, at: z.number() }),
]);
export type CookieChange = z.infer<typeof CookieChange>;

export const KeySourceKind = z.enum(["keychain", "passphrase", "file"]);
export type KeySourceKind = z.infer<typeof KeySourceKind>;

export const VaultStatus = z.object({
  state: z.enum(["unlocked", "locked"]),
  source: KeySourceKind,
  /** After how many seconds without use it locks itself; null: it does not; absent where that is not told. */
  autoLock: z.optional(z.nullable(z.number())),
});
export type VaultStatus = z.infer<typeof VaultStatus>;

/** What was left out or repaired, by reason, as the command line reports it. Reasons name kinds, never values. */
export const Tally = z.object({ reason: z.string(), count: z.number() });
export type Tally = z.infer<typeof Tally>;

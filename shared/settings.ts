import * as z from "zod/mini";
import { ProjectId } from "./models.ts";

/** What happens to a link from another program that no rule gives to a project. */
export const ExternalLinks = z.discriminatedUnion("kind", [
  /** It opens without a project, as Firefox would. */
  z.object({ kind: z.literal("stay") }),
  z.object({ kind: z.literal("ask") }),
  /** In the project that is active when it comes. */
  z.object({ kind: z.literal("active") }),
  z.object({ kind: z.literal("project"), project: ProjectId }),
]);
export type ExternalLinks = z.infer<typeof ExternalLinks>;

/** How pages find their project, beside the rules. One for the whole store. */
export const Settings = z.object({
  external: ExternalLinks,
  /** Only their own pages open in these projects; others leave them. */
  strict: z.array(ProjectId),
  /** Patterns of sites that stay in the project that called them, though they have rules of their own: identity providers. */
  inherit: z.array(z.string()),
  /** What the user chose once and for all where rules ask: the project by the pattern that asked, in canonical text. */
  answers: z.record(z.string(), ProjectId),
});
export type Settings = z.infer<typeof Settings>;

/** What can be changed of the settings; an absent field stays. */
export const SettingsPatch = z.partial(Settings);
export type SettingsPatch = z.infer<typeof SettingsPatch>;

/** Identity providers that many sites share. */
const sharedProviders = [
  "accounts.google.com",
  "login.microsoftonline.com",
  "login.live.com",
  "appleid.apple.com",
  "github.com/login",
  "github.com/sessions",
  "gitlab.com/oauth",
  "gitlab.com/users/sign_in",
  "*.auth0.com",
  "*.okta.com",
  "*.onelogin.com",
  "*.duosecurity.com",
];

export const defaultSettings: Settings = { external: { kind: "stay" }, strict: [], inherit: sharedProviders, answers: {} };

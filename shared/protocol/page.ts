import * as z from "zod/mini";
import { Project, ProjectId } from "../models.ts";
import { method } from "../wire/table.ts";
import { None } from "./store.ts";

/** What a page of ours in a tab asks or tells. Addresses are http or https, and none of them has been fetched. */
export const PageContent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("choose"),
    url: z.string(),
    /** rule: rules name several projects, or say to ask. external: another program's link. link: an unsigned ext+stead link. signIn: a callback whose flow is not certain. */
    why: z.enum(["rule", "external", "link", "signIn"]),
    /** Offered first, in the order of the list; empty: all are alike. */
    projects: z.array(ProjectId),
    /** The pattern that asked; an answer to be remembered is remembered for it. Null: for the address's host, as a rule. */
    pattern: z.nullable(z.string()),
  }),
  /** Rules send this page back and forth between these projects; it was stopped. */
  z.object({ kind: z.literal("loop"), url: z.string(), projects: z.array(ProjectId) }),
  /** Another add-on moves this page out of the project each time; it was left where that add-on wants it. */
  z.object({ kind: z.literal("contested"), url: z.string(), project: ProjectId }),
  /** A sign-in callback that was used before: codes work once. Never the address, which holds the code. */
  z.object({ kind: z.literal("signInUsed"), host: z.string(), project: ProjectId }),
  /** A callback that does not fit the flow that was begun. `here`: where it arrived. */
  z.object({ kind: z.literal("signInMismatch"), host: z.string(), project: ProjectId, here: z.nullable(ProjectId) }),
]);
export type PageContent = z.infer<typeof PageContent>;

export const PageState = z.object({
  /** Null when it is known no more: Firefox was restarted, or it was answered in another window. */
  content: z.nullable(PageContent),
  projects: z.array(Project),
  /** The project whose container the page itself stands in. */
  here: z.nullable(ProjectId),
  /** What is chosen before anyone chose; null: no project. */
  first: z.nullable(ProjectId),
  /** The pattern that an answer is remembered for; null: it cannot be. */
  remembers: z.nullable(z.string()),
});
export type PageState = z.infer<typeof PageState>;

export const PageAnswer = z.discriminatedUnion("kind", [
  /** Open the address there (null: without a project), and leave it there. */
  z.object({ kind: z.literal("open"), project: z.nullable(ProjectId), remember: z.boolean() }),
  z.object({ kind: z.literal("close") }),
]);
export type PageAnswer = z.infer<typeof PageAnswer>;

/** page → background. `id` names the question, from the page's address. `keep`: the page's tab stays, and goes back to the page it had. */
export const pageMethods = {
  "page.state": method(z.object({ id: z.string() }), PageState),
  "page.answer": method(z.object({ id: z.string(), answer: PageAnswer, keep: z.optional(z.boolean()) }), None),
  /** An ext+stead link that Firefox handed to the page; answers the question it became, or null when it was opened at once. */
  "page.link": method(z.object({ link: z.string(), keep: z.optional(z.boolean()) }), z.object({ id: z.nullable(z.string()) })),
} as const;

/** background → page */
export const pageEvents = {} as const;

import * as z from "zod/mini";
import { ProjectId } from "../models.ts";

/** An id of our own, a UUID. */
export const RuleId = z.string().check(z.regex(/^[0-9a-f-]{36}$/));
export type RuleId = z.infer<typeof RuleId>;

/**
 * A pattern and the project it belongs to. `pattern` is canonical text (formatPattern); `ask` says that the user chooses
 * before such a page opens in the project, and means nothing for an exclusion.
 */
export const Rule = z.object({
  id: RuleId,
  project: ProjectId,
  pattern: z.string(),
  ask: z.boolean(),
});
export type Rule = z.infer<typeof Rule>;

/**
 * A rule to be made or changed. With the id of one that is there, that one; else the project's rule of the same pattern;
 * else a new one.
 */
export const RuleDraft = z.object({
  id: z.optional(RuleId),
  project: ProjectId,
  /** In any of its spellings. */
  pattern: z.string(),
  ask: z.boolean(),
});
export type RuleDraft = z.infer<typeof RuleDraft>;

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

import * as z from "zod/mini";
import { PageContent } from "../../../shared/protocol/page.ts";

/**
 * What the pages of ours that are open show, by the id in their address; `at` in milliseconds since 1970. `from`: the
 * origin of the page that asked for the address, null when it is not known, undefined when a person did.
 */
export const Questions = z.record(z.string(), z.object({ content: PageContent, at: z.number(), from: z.optional(z.nullable(z.string())) }));
export type Questions = z.infer<typeof Questions>;

const kept = 100;
/** In milliseconds: a question left standing overnight is still one. */
const keptFor = 48 * 60 * 60 * 1000;

/** With one more; the oldest make room. */
export function withQuestion(questions: Questions, id: string, content: PageContent, at: number, from?: string | null): Questions {
  const others = Object.entries(questions)
    .filter(([, question]) => at - question.at < keptFor)
    .sort(([, one], [, other]) => other.at - one.at)
    .slice(0, kept - 1);
  return Object.fromEntries([[id, { content, at, ...(from !== undefined && { from }) }], ...others]);
}

export function withoutQuestion(questions: Questions, id: string): Questions {
  return Object.fromEntries(Object.entries(questions).filter(([other]) => other !== id));
}

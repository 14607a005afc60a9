import type { PageContent } from "../../../shared/protocol/page.ts";
import { suggestPatterns } from "../suggestPatterns.ts";

/** What an answer is remembered for: the pattern that asked, else a rule for the address's site. Undefined: for nothing. */
export function rememberedPattern(content: PageContent): string | undefined {
  // A sign-in's callback is each time another's.
  if (content.kind !== "choose" || content.why === "signIn") return undefined;
  return content.pattern ?? suggestPatterns(content.url)[0]?.pattern;
}

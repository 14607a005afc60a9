import type { PageContent } from "../../../shared/protocol/page.ts";
import { suggestPatterns } from "../suggestPatterns.ts";

/** What an answer is remembered for: the pattern that asked, else a rule for the address's site. Undefined: for nothing. */
export function rememberedPattern({ pattern, url }: Extract<PageContent, { kind: "choose" }>): string | undefined {
  return pattern ?? suggestPatterns(url)[0]?.pattern;
}

import { SteadError } from "../../shared/errors.ts";
import type { RuleId } from "../../shared/rules/rule.ts";
import type { Answer, Context } from "./context.ts";
import { counted } from "./tallyNotes.ts";

/** How long Firefox may take to move tabs, in milliseconds. */
const applyTimeoutMs = 30_000;

/**
 * The answer, with `moved` in its document: how many open tabs went to the project that these rules give their page to, over
 * all connected Firefoxes; null when none is connected. One that could not do it is named, with exit status 3.
 */
export async function withApplied(context: Context, answer: Answer & { json: object }, rules: readonly RuleId[]): Promise<Answer> {
  const links = (await context.hosts()).filter(({ instance }) => instance !== null);
  if (links.length === 0) {
    return { ...answer, json: { ...answer.json, moved: null }, notes: [...(answer.notes ?? []), "No Firefox is connected: there are no tabs to apply this to."] };
  }
  const failures: string[] = [];
  const counts = await Promise.all(
    links.map(async ({ peer, instance }) => {
      try {
        return (await peer.call("rules.apply", { rules: [...rules] }, { timeoutMs: applyTimeoutMs })).moved;
      } catch (error) {
        if (!(error instanceof SteadError)) throw error;
        failures.push(`Not applied to the tabs of ${instance?.instance ?? "a profile"}: ${error.message}`);
        return 0;
      }
    }),
  );
  const moved = counts.reduce((sum, count) => sum + count, 0);
  return {
    ...answer,
    json: { ...answer.json, moved },
    text: `${answer.text ?? ""}\nMoved ${counted(moved, "tab")}.`.trim(),
    notes: [...(answer.notes ?? []), ...failures],
    ...(failures.length > 0 && { exit: 3 }),
  };
}

import type { Answer, Context } from "../context.ts";
import { formatDuration, readDuration } from "../duration.ts";
import { readDomain } from "../readDomain.ts";
import { table } from "../table.ts";
import { counted } from "../tallyNotes.ts";
import { withDelivery } from "../withTallies.ts";

export interface TtlOptions {
  project: string;
  /** How long; `none` for as long as it is good. Without it the command only tells. */
  time?: string | undefined;
  domain?: string | undefined;
}

/**
 * `stead project ttl`: how long a project keeps what was not changed, all of it or what belongs to a host and those below it. What
 * has outlived that ends at once, in the store and then in connected Firefoxes. Throws `usage`.
 */
export async function projectTtl(context: Context, options: TtlOptions): Promise<Answer> {
  const domain = readDomain(options.domain) ?? null;
  const seconds = options.time === undefined ? undefined : options.time === "none" ? null : readDuration(options.time, "A time to live") / 1000;
  const project = await context.project(options.project);
  const store = await context.store();
  const set = seconds === undefined ? undefined : store.setTtl(project.id, { domain, seconds });
  const ttl = store
    .ttls(project.id)
    .filter((one) => seconds !== undefined || domain === null || one.domain === domain)
    .map((one) => ({ project: project.name, domain: one.domain, seconds: one.seconds }));

  const rows = ttl.map((one) => [one.domain ?? "everything else", formatDuration(one.seconds)]);
  const text = [
    ttl.length === 0 ? `${project.name} keeps its items for as long as they are good.` : table([["KEPT", "FOR"], ...rows]),
    ...(set && set.ended > 0 ? [`${counted(set.ended, "item")} had outlived that and ended.`] : []),
  ].join("\n");
  const answer: Answer = { json: { ttl, ...(set && { ended: set.ended }) }, text };
  return set ? withDelivery(answer, await context.poke(set.revision)) : answer;
}

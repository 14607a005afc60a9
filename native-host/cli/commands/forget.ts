import type { Answer, Context } from "../context.ts";
import { readDomain } from "../readDomain.ts";
import { counted } from "../tallyNotes.ts";
import { withDelivery } from "../withTallies.ts";

/**
 * `stead forget`: removes a project's items, or those of a host and of what is below it, with their history, from the store and
 * then from connected Firefoxes. Asks at a terminal, since no restore brings them back.
 */
export async function forget(context: Context, options: { project: string; domain?: string }): Promise<Answer> {
  const domain = readDomain(options.domain);
  const project = await context.project(options.project);
  const what = domain === undefined ? project.name : `${domain} in ${project.name}`;
  if (context.terminal && !(await context.confirm(`Forget all of ${what}, its history too? This cannot be undone.`))) {
    return { json: { forgotten: 0 }, text: `${project.name} was left as it is.`, exit: 1 };
  }
  const { forgotten, revision } = (await context.store()).forget(project.id, { by: "forget", ...(domain !== undefined && { domain }) });
  const delivery = await context.poke(revision);
  const { failed: unapplied, waiting } = delivery;
  return withDelivery({ json: { forgotten, unapplied, waiting }, text: `Forgot ${counted(forgotten, "item")} of ${what}.` }, delivery);
}

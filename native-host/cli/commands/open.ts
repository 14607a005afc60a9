import { SteadError } from "../../../shared/errors.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { pickInstance } from "../instances.ts";
import { readTypedUrl } from "../typedUrl.ts";

/** How long Firefox may take to make a container and a tab, in milliseconds. */
const openTimeoutMs = 30_000;

export interface OpenOptions {
  url: string;
  project?: string;
  instance?: string;
  link?: boolean;
}

/**
 * `stead open`: an address in a project, or where the rules say, in a connected Firefox; with `link` a link that does so from
 * anywhere. Neither store nor keychain is needed to open. Throws `badUrl`, `noFirefox`, `unknownInstance`, `unknownProject`.
 */
export async function openUrl(context: CliContext, options: OpenOptions): Promise<Answer> {
  const url = readTypedUrl(options.url);
  if (options.link === true) return makeLink(context, url, options);
  const target = pickInstance(await context.hosts(), options.instance);
  if (!target) throw new SteadError("noFirefox", "No Firefox is connected that could open it.");
  const { project } = await target.link.peer.call("open", { url, project: options.project ?? null, prefix: context.terminal }, { timeoutMs: openTimeoutMs });
  const { instance } = target.status;
  return { json: { project, instance }, text: `Opened in ${project ?? "no project"}, in ${instance}.` };
}

async function makeLink(context: CliContext, url: string, { project, instance }: OpenOptions): Promise<Answer> {
  if (project === undefined) throw new SteadError("usage", "--link needs --project: a link is signed for one.");
  if (instance !== undefined) throw new SteadError("usage", "--link takes no --instance: any Firefox with this store opens the link.");
  const { id, name } = await context.project(project);
  const link = (await context.store()).signLink(id, url);
  return { json: { link, project: name }, text: link };
}

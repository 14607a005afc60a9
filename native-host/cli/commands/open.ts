import { SteadError } from "../../../shared/errors.ts";
import { openAddress } from "../../actions/openAddress.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { readTypedUrl } from "../typedUrl.ts";

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
  const { project, instance } = await openAddress(context, { url, project: options.project, instance: options.instance, prefix: context.terminal });
  return { json: { project, instance }, text: `Opened in ${project ?? "no project"}, in ${instance}.` };
}

async function makeLink(context: CliContext, url: string, { project, instance }: OpenOptions): Promise<Answer> {
  if (project === undefined) throw new SteadError("usage", "--link needs --project: a link is signed for one.");
  if (instance !== undefined) throw new SteadError("usage", "--link takes no --instance: any Firefox with this store opens the link.");
  const { id, name } = await context.project(project);
  const link = (await context.store()).signLink(id, url);
  return { json: { link, project: name }, text: link };
}

import * as z from "zod/mini";
import { Cookie } from "../models.ts";
import { Intake } from "./intake.ts";
import { parseAs, parseJson, refusal } from "./refusal.ts";
import { select } from "./outlet.ts";
import { Credential, type Format, Origin, type Read, type ReadOptions, type State, type WriteOptions, type Written } from "./types.ts";

const what = "The Stead state";
export const stateFormat = "stead-state";
export const stateVersion = 1;

/** Stead's own format, which holds everything; docs/state.schema.json is made from it. */
export const StateDocument = z.object({
  format: z.literal(stateFormat),
  version: z.literal(stateVersion),
  /** The project's name at the time. */
  project: z.string(),
  /** ISO 8601 in UTC. */
  exportedAt: z.string(),
  cookies: z.array(Cookie),
  origins: z.optional(z.array(Origin)),
  credentials: z.optional(z.array(Credential)),
});
export type StateDocument = z.infer<typeof StateDocument>;

/** The `json` format. */
export const json = { write: writeState, read: readState } satisfies Format;

function writeState(state: State, options: WriteOptions): Written {
  const { cookies, ...counts } = select(state, options, [], []);
  const document: StateDocument = {
    format: stateFormat,
    version: stateVersion,
    project: options.project,
    exportedAt: new Date(options.now).toISOString(),
    cookies,
    origins: [...state.origins],
    ...(state.credentials && { credentials: [...state.credentials] }),
  };
  return { document: `${JSON.stringify(document, null, 2)}\n`, cookies: cookies.length, origins: state.origins.length, ...counts };
}

function readState(text: string, { now }: ReadOptions): Read {
  const raw = parseJson(text, what);
  const { version } = parseAs(z.object({ format: z.literal(stateFormat), version: z.number() }), raw, what);
  if (version > stateVersion) throw refusal(`${what} is of version ${version}`, `version ${stateVersion}; update Stead to read it`);
  const document = parseAs(StateDocument, raw, what);
  const intake = new Intake(now);
  for (const cookie of document.cookies) intake.add(cookie);
  return intake.finish(document);
}

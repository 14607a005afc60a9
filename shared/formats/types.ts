import * as z from "zod/mini";
import type { Cookie, Tally } from "../models.ts";

/** One origin's page storage as Playwright writes it. Carried through as it is; nothing stores it yet. */
export const Origin = z.looseObject({ origin: z.string() });
export type Origin = z.infer<typeof Origin>;

/** What the formats write and read: the state of one project, without its history. */
export interface State {
  cookies: readonly Cookie[];
  origins: readonly Origin[];
}

export interface WriteOptions {
  /** Milliseconds since 1970: what has expired by then is left out. */
  now: number;
  /** The project's name, for the formats that say whose state they hold. */
  project: string;
  /** The host of --domain, in canonical form, for the one format that is made for a single host. */
  host?: string | undefined;
}

/** A written document and what became of what it could not hold. */
export interface Written {
  document: string;
  /** How many cookies and origins the document holds. */
  cookies: number;
  origins: number;
  /** Whole items the format has no place for: the result is partial. */
  dropped: Tally[];
  /** Attributes the format has no place for, of cookies that it holds. */
  lost: Tally[];
  /** How many had expired, and so were no longer state. */
  expired: number;
}

export interface ReadOptions {
  /** Milliseconds since 1970: what has expired by then is dropped. */
  now: number;
}

export interface Read {
  cookies: Cookie[];
  origins: Origin[];
  /** What was understood differently from how it was written. */
  repaired: Tally[];
  /** What was left out. */
  dropped: Tally[];
}

/** A format by what it does; pure functions of their arguments. `read` throws `fileFormat`. */
export interface Format {
  readonly write: (state: State, options: WriteOptions) => Written;
  /** Absent where the format says too little to be read back. */
  readonly read?: (text: string, options: ReadOptions) => Read;
}

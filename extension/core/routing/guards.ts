import * as z from "zod/mini";
import { ProjectId } from "../../../shared/models.ts";
import { hostOf, isBlank, pageShown, Trace, traceOf } from "./addresses.ts";

/** A page that is opened in another container than it was asked for in. */
export const Move = z.object({
  address: Trace,
  /** Null: in no project. */
  to: z.nullable(ProjectId),
  by: z.enum(["rule", "signIn", "user"]),
  /** The tab it was asked for in; -1 for none. */
  from: z.number(),
  /** The tab opened for it, once its request came; null before. */
  made: z.nullable(z.number()),
  /** Milliseconds since 1970, as all times here. */
  at: z.number(),
  /** When the tab opened for it first showed a page; null before. */
  shownAt: z.nullable(z.number()),
  /** The tab opened for it was closed before it showed anything. */
  gone: z.boolean(),
  /** Where the tab it was asked for in had been moved before, without a pause: project and place (Trace), the oldest first. */
  chain: z.array(z.string()),
  /** How often another add-on opened the page elsewhere. */
  rivals: z.number(),
  /** The tab of another add-on in which the page was left. */
  left: z.nullable(z.number()),
});
export type Move = z.infer<typeof Move>;

/** A page that was stopped in a tab for going round and round, by project and place (Trace). */
const Loop = z.object({ tab: z.number(), place: z.string(), at: z.number() });

const SeenRequest = z.object({ id: z.string(), tab: z.number(), address: Trace, stopped: z.boolean(), at: z.number() });
type SeenRequest = z.infer<typeof SeenRequest>;

/**
 * What routing remembers between events, because one of them alone does not say it. The event page sleeps, so it is kept
 * in storage.session too. What Firefox itself knows (which tabs there are, what they show) is not in it.
 */
export const Guards = z.object({
  /** Host by tab: rules leave the tab's pages of this host where they are. */
  passes: z.record(z.string(), z.string()),
  /** Requests that were stopped, and those let through in projects and in tabs we opened. */
  requests: z.array(SeenRequest),
  moves: z.array(Move),
  loops: z.array(Loop),
  /** Tabs that show a blank page and had another before: they have a history to lose. */
  used: z.array(z.number()),
});
export type Guards = z.infer<typeof Guards>;

const mostPasses = 256;
const mostRequests = 128;
const mostMoves = 64;
const mostLoops = 32;
const mostUsed = 256;
/** Redirects of one request follow each other within this. */
const requestsFor = 5 * 60_000;
const movesFor = 60_000;

export function newGuards(): Guards {
  return { passes: {}, requests: [], moves: [], loops: [], used: [] };
}

/** Rules leave this tab's pages of the address's host where they are, until it shows a page of another. */
export function withPass(guards: Guards, tab: number, url: string): Guards {
  const passes = { ...guards.passes, [tab]: hostOf(url) };
  const [oldest] = Object.keys(passes); // Numbers as keys are in their order, and tabs are numbered as they come.
  return { ...guards, passes: Object.keys(passes).length > mostPasses && oldest !== undefined ? without(passes, oldest) : passes };
}

export function hasPass(guards: Guards, tab: number, url: string): boolean {
  const host = guards.passes[tab];
  return host !== undefined && host === hostOf(url);
}

export function withRequest(guards: Guards, { id, tab, url, at }: { id: string; tab: number; url: string; at: number }, stopped: boolean): Guards {
  const recent = guards.requests.filter((seen) => seen.id !== id && at - seen.at < requestsFor);
  return { ...guards, requests: [...recent, { id, tab, address: traceOf(url), stopped, at }].slice(-mostRequests) };
}

/** A page is about to be opened in another container. */
export function withMove(
  guards: Guards,
  { url, ...move }: { url: string } & Pick<Move, "to" | "by" | "from" | "at"> & Partial<Pick<Move, "chain" | "rivals">>,
): Guards {
  const entry: Move = { address: traceOf(url), chain: [], rivals: 0, made: null, shownAt: null, gone: false, left: null, ...move };
  return { ...guards, moves: [...recent(guards.moves, move.at), entry].slice(-mostMoves) };
}

export function replaceMove(guards: Guards, move: Move, change: Partial<Move>): Guards {
  return { ...guards, moves: guards.moves.map((one) => (one === move ? { ...one, ...change } : one)) };
}

/** The move that opened this tab. */
export function moveTo(guards: Guards, tab: number): Move | undefined {
  return guards.moves.findLast((move) => move.made === tab);
}

/** Whether the user was told already that the page goes round and round in this tab. */
export function hasLoop(guards: Guards, tab: number, place: string, at: number): boolean {
  return guards.loops.some((loop) => loop.tab === tab && loop.place === place && at - loop.at < movesFor);
}

export function withLoop(guards: Guards, tab: number, place: string, at: number): Guards {
  return { ...guards, loops: [...guards.loops.filter((loop) => at - loop.at < movesFor), { tab, place, at }].slice(-mostLoops) };
}

/** webNavigation.onCommitted: the tab shows `url` now; `before` is what it showed. */
export function tabShows(guards: Guards, tab: number, url: string, before: string | undefined, at: number): Guards {
  let next = guards;
  if (isBlank(url) && !isBlank(before) && !guards.used.includes(tab)) next = { ...next, used: [...guards.used, tab].slice(-mostUsed) };
  if (isBlank(url)) return next;
  const move = moveTo(guards, tab);
  if (move?.shownAt === null) next = replaceMove(next, move, { shownAt: at });
  const pass = guards.passes[tab];
  const page = pageShown(url);
  if (pass !== undefined && /^https?:/.test(page) && hostOf(page) !== pass) next = { ...next, passes: without(next.passes, String(tab)) };
  return next;
}

export function tabRemoved(guards: Guards, tab: number): Guards {
  const passes = String(tab) in guards.passes ? without(guards.passes, String(tab)) : guards.passes;
  const used = guards.used.includes(tab) ? guards.used.filter((one) => one !== tab) : guards.used;
  const moves = guards.moves.some((move) => concerns(move, tab))
    ? guards.moves.map((move) =>
        concerns(move, tab)
          ? { ...move, gone: move.gone || (move.made === tab && move.shownAt === null), left: move.left === tab ? null : move.left }
          : move,
      )
    : guards.moves;
  return passes === guards.passes && used === guards.used && moves === guards.moves ? guards : { ...guards, passes, used, moves };
}

/** Whether the tab was opened for one page and has shown none: a download leaves it like that. */
export function isForNothing(guards: Guards, tab: number): boolean {
  return moveTo(guards, tab)?.shownAt === null;
}

function recent(moves: readonly Move[], at: number): readonly Move[] {
  return moves.filter((move) => at - (move.shownAt ?? move.at) < movesFor);
}

function concerns(move: Move, tab: number): boolean {
  return move.made === tab || move.left === tab;
}

function without(record: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

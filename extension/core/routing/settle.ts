import type { ProjectId } from "../../../shared/models.ts";
import type { SignInVerdict } from "../signIn/signInVerdict.ts";
import { hostOf, isBlank, isOtherAddOn, traceOf } from "./addresses.ts";
import { belongs, type Order, type Place } from "./belongs.ts";
import { type Guards, hasLoop, type Move, moveTo, replaceMove, withLoop, withMove, withPass } from "./guards.ts";
import type { PageRequest } from "./pageRequest.ts";
import { type Recall, stopped, through } from "./recall.ts";
import type { RouteDecision } from "./routeDecision.ts";
import type { TabFacts } from "./tabFacts.ts";

/** A page that was on show for longer than this, in milliseconds, was left by a person and not by a script. */
const scripted = 15_000;
/** Two add-ons that move the same page do so within this, in milliseconds. */
const together = 3000;
/** So many moves without a pause are a loop, wherever they lead. */
const longestChain = 12;
/** How often a page may go to one project within the time moves are remembered, before that is a loop whoever makes it. */
const mostMovesOfOnePage = 8;
/** The same for pages of one place that one tab asks for without a pause: a script that tries again and again. */
const mostMovesOfOneTab = 3;

export interface Settling {
  request: PageRequest;
  tab: TabFacts;
  recalled: Extract<Recall, { kind: "new" | "arrived" }>;
  signIn: SignInVerdict;
  order: Order;
  /** Whether a form can be sent again elsewhere (Redelivery.takes). */
  takes: (request: PageRequest) => boolean;
  /** Our origin, `moz-extension://…/`. */
  own: string;
}

export interface Settled {
  guards: Guards;
  decision: RouteDecision;
}

/** What happens to a request that recall() did not know the answer to. */
export function settle(guards: Guards, settling: Settling): Settled {
  const { request, tab, recalled, signIn, order } = settling;
  if (recalled.kind === "arrived") return { guards: arrive(guards, recalled.move, settling), decision: { kind: "continue" } };
  const place = belongs(request, recalled.redirected, tab.arrival, signIn, order);
  switch (place.kind) {
    case "here":
      return stay(guards, settling);
    case "notice":
      return { guards: through(guards, request), decision: { kind: "leave", notice: place.notice } };
    case "unknown":
      return { guards, decision: { kind: "wait" } };
    case "page":
      return { guards: stopped(guards, request), decision: { kind: "show", content: place.content, keep: keeps(guards, settling) } };
    case "ask":
      if (request.method !== "GET") return leave(guards, request, place.content.projects[0] ?? null);
      return { guards: stopped(guards, request), decision: { kind: "show", content: place.content, keep: keeps(guards, settling) } };
    case "there":
      return move(guards, place, settling);
  }
}

/** A page the user put here keeps to its place when the rules would have it elsewhere. */
function arrive(guards: Guards, { by }: Move, { request, order }: Settling): Guards {
  if (by !== "user") return guards;
  return belongs(request, false, "inside", { kind: "none" }, order).kind === "here" ? guards : withPass(guards, request.tab, request.url);
}

/** Another add-on may agree with us, and have opened the page here as we did. */
function stay(guards: Guards, settling: Settling): Settled {
  const { request, tab, own } = settling;
  if (isBlank(tab.shown) && isOtherAddOn(request.originUrl, own)) {
    const { page } = traceOf(request.url);
    const ours = guards.moves.findLast((one) => one.to === (request.project ?? null) && one.address.page === page);
    if (ours !== undefined && !ours.gone && ours.made !== request.tab && request.at - ours.at < together) {
      return { guards: stopped(guards, request), decision: { kind: "close" } };
    }
  }
  return { guards: through(guards, request), decision: { kind: "continue" } };
}

function move(guards: Guards, { project, by }: Extract<Place, { kind: "there" }>, settling: Settling): Settled {
  const { request, tab, takes, own } = settling;
  const keep = keeps(guards, settling);
  if (request.method !== "GET" && !(project !== null && takes(request))) return leave(guards, request, project);
  if (by === "rule" && isWebPage(request.originUrl)) {
    if (tab.popup === undefined) return { guards, decision: { kind: "look" } };
    if (tab.popup === "opened") {
      const notice = project === null ? undefined : ({ kind: "popupLeft", host: hostOf(request.url), project } as const);
      return { guards: through(guards, request), decision: notice ? { kind: "leave", notice } : { kind: "continue" } };
    }
  }

  const address = traceOf(request.url);
  const same = guards.moves.filter((one) => one.to === project && one.address.page === address.page);
  const prior = same.findLast((one) => one.made !== request.tab);
  const rival = prior !== undefined && !keep && isOtherAddOn(request.originUrl, own);
  if (rival && isContested(prior)) return contest(guards, prior, settling);
  if (rival && prior.shownAt === null) {
    return { guards: stopped(replaceMove(guards, prior, { rivals: 1 }), request), decision: { kind: "close" } };
  }

  const { url, tab: from, at } = request;
  const chain = chainOf(guards, request);
  const place = `${project ?? ""} ${address.place}`;
  if (isLoop(chain, place, guards, request) || same.length >= mostMovesOfOnePage || isInsistent(guards, project, request, address.place)) {
    if (hasLoop(guards, from, place, at)) return { guards: stopped(guards, request), decision: { kind: "stop" } };
    const projects = [...new Set([...chain, place].flatMap((one) => one.split(" ", 1)))].filter((id) => id !== "");
    return { guards: withLoop(stopped(guards, request), from, place, at), decision: { kind: "show", content: { kind: "loop", url, projects }, keep } };
  }
  // A form of no sign-in flow goes on as far as its headers (Redelivery.deliver).
  const isStopped = request.method === "GET" || by === "signIn";
  const moved = withMove(isStopped ? stopped(guards, request) : through(guards, request), {
    url, to: project, by, from, at, chain: [...chain, place], rivals: rival ? prior.rivals + 1 : 0,
  });
  if (project !== null && request.method !== "GET") return { guards: moved, decision: { kind: "redeliver", project, keep } };
  return { guards: moved, decision: { kind: "move", project, keep } };
}

/** It cannot be asked for again elsewhere without becoming another request. */
function leave(guards: Guards, request: PageRequest, project: ProjectId | null): Settled {
  if (project === null) return { guards: through(guards, request), decision: { kind: "continue" } };
  return {
    guards: through(guards, request),
    decision: { kind: "leave", notice: { kind: "postLeft", host: hostOf(request.url), project } },
  };
}

/** One round is chance: both add-ons saw the first request. A second is the other's answer to ours. */
function isContested(prior: Move): boolean {
  return prior.gone || prior.rivals > 0;
}

function contest(guards: Guards, prior: Move, { request }: Settling): Settled {
  if (prior.left !== null) return { guards: stopped(guards, request), decision: { kind: "close" } };
  const { to, made, shownAt, rivals } = prior;
  const next = through(replaceMove(guards, prior, { rivals: 2, left: request.tab }), request);
  if (to === null || rivals > 1) return { guards: next, decision: { kind: "continue" } };
  return {
    guards: next,
    decision: { kind: "contested", content: { kind: "contested", url: request.url, project: to }, close: shownAt === null && !prior.gone ? made : null },
  };
}

/** Where the tab was moved before it came to this request without a person's doing. */
function chainOf(guards: Guards, { tab, at }: PageRequest): readonly string[] {
  const last = moveTo(guards, tab);
  return last !== undefined && (last.shownAt === null || at - last.shownAt < scripted) ? last.chain : [];
}

/** Without a page on show in between the first return is a loop; with one it may be a person, twice. */
function isLoop(chain: readonly string[], place: string, guards: Guards, { tab }: PageRequest): boolean {
  const returns = chain.filter((one) => one === place).length;
  const shown = moveTo(guards, tab)?.shownAt !== null;
  return returns > (shown ? 1 : 0) || chain.length >= longestChain;
}

function isInsistent({ moves }: Guards, project: ProjectId | null, { tab, at }: PageRequest, place: string): boolean {
  return moves.filter((one) => one.from === tab && one.to === project && at - one.at < scripted && one.address.place === place).length >= mostMovesOfOneTab;
}

/** Whether the tab has a page, or a history, that must stay. */
function keeps(guards: Guards, { tab, request }: Settling): boolean {
  return !isBlank(tab.shown) || guards.used.includes(request.tab);
}

function isWebPage(origin: string | undefined): boolean {
  return origin !== undefined && /^https?:/.test(origin);
}

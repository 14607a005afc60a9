import { isBlank, pageShown, traceOf } from "./addresses.ts";
import { type Guards, hasPass, type Move, replaceMove, withRequest } from "./guards.ts";
import type { PageRequest } from "./pageRequest.ts";
import type { TabFacts } from "./tabFacts.ts";

/** Within this many milliseconds two requests of one tab for one page are one click. */
const oneClick = 1000;

export type Recall =
  | { kind: "continue" }
  /** It was answered already: not to be answered again. */
  | { kind: "stop" }
  /** We opened it here ourselves. */
  | { kind: "arrived"; move: Move }
  /** Nothing is known of it. `redirected`: by a page that was let through in a project, or in a tab we opened. */
  | { kind: "new"; redirected: boolean };

/** What is known of a request before anything is asked of rules; `own` is our origin, `moz-extension://…/`. */
export function recall(guards: Guards, request: PageRequest, tab: TabFacts, own: string): { guards: Guards; recall: Recall } {
  // A service worker makes Firefox tell of one request twice.
  const seen = guards.requests.find((one) => one.id === request.requestId && one.tab === request.tab);
  if (seen !== undefined && seen.address.exact === traceOf(request.url).exact) return { guards, recall: { kind: seen.stopped ? "stop" : "continue" } };
  const redirected = seen !== undefined;

  if (!redirected && request.originUrl?.startsWith(own) === true) {
    const { exact } = traceOf(request.url);
    const move = guards.moves.findLast((one) => one.made === null && one.to === (request.project ?? null) && one.address.exact === exact);
    const noted = withRequest(guards, requestOf(request), false);
    if (move === undefined) return { guards: noted, recall: { kind: "continue" } };
    const made = { made: request.tab };
    return { guards: replaceMove(noted, move, made), recall: { kind: "arrived", move: { ...move, ...made } } };
  }
  if (hasPass(guards, request.tab, request.url)) return { guards: through(guards, request), recall: { kind: "continue" } };
  // Reloaded, restored, duplicated or woken: Firefox says what the tab shows before it asks for it.
  const { shown } = tab;
  if (!redirected && shown !== undefined && !isBlank(shown) && isReload(shown, request.url)) {
    return { guards: through(guards, request), recall: { kind: "continue" } };
  }
  const justStopped = guards.requests.filter((one) => one.stopped && one.tab === request.tab && request.at - one.at < oneClick);
  if (justStopped.length > 0 && justStopped.some(({ address }) => address.page === traceOf(request.url).page)) return { guards: withRequest(guards, requestOf(request), true), recall: { kind: "stop" } };
  return { guards, recall: { kind: "new", redirected } };
}

/** Notes that a request goes on; only projects make use of that. */
export function through(guards: Guards, request: PageRequest): Guards {
  return request.project === undefined ? guards : withRequest(guards, requestOf(request), false);
}

export function stopped(guards: Guards, request: PageRequest): Guards {
  return withRequest(guards, requestOf(request), true);
}

function requestOf({ requestId: id, tab, url, at }: PageRequest): { id: string; tab: number; url: string; at: number } {
  return { id, tab, url, at };
}

function isReload(shown: string, url: string): boolean {
  const page = pageShown(shown).replace(/^view-source:/, "");
  return page.replace(/#.*$/s, "") === url.replace(/#.*$/s, "");
}

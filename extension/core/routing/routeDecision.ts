import type { ProjectId } from "../../../shared/models.ts";
import type { PageContent } from "../../../shared/protocol/page.ts";
import type { Notice } from "../../../shared/protocol/popup.ts";

/** What happens to a page request. Every kind but the first two cancels it, unless it says otherwise. */
export type RouteDecision =
  | { kind: "continue" }
  /** It goes on where it is, and the user is told why. */
  | { kind: "leave"; notice: Notice }
  /** Another request for the same page was answered already. */
  | { kind: "stop" }
  /** The same, and this tab was opened for nothing else. */
  | { kind: "close" }
  /** Opened in the project (null: in none). `keep`: the tab has a page, which stays. */
  | { kind: "move"; project: ProjectId | null; keep: boolean }
  /** A form, to be sent again in the project. It may go on as far as its headers, and on where it is if they say that it cannot. */
  | { kind: "redeliver"; project: ProjectId; keep: boolean }
  /** A page of ours asks or explains in its place. */
  | { kind: "show"; content: PageContent; keep: boolean }
  /** Another add-on wants it elsewhere: it goes on where that add-on has it, and a page beside it says so. `close`: the tab of ours that came to nothing. */
  | { kind: "contested"; content: PageContent; close: number | null }
  /** How the tab came to be is not known yet (TabFacts.arrival). */
  | { kind: "wait" }
  /** It would move, and may be a pop-up that its opener needs (TabFacts.popup). */
  | { kind: "look" };

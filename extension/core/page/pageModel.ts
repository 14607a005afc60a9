import type { ErrorShape } from "../../../shared/errors.ts";
import type { ProjectId } from "../../../shared/models.ts";
import type { PageAnswer, PageState } from "../../../shared/protocol/page.ts";
import type { ChoiceRow } from "./choiceRows.ts";
import type { PageIntent } from "./pageKey.ts";

/** All a page of ours knows; what it shows is a function of this. */
export interface PageModel {
  /** Names the question; empty while a link has not become one. */
  id: string;
  /** What the page asked first, to be asked again when it failed. */
  first: PageCall;
  /** The tab stood on another page before: that one is kept, and gone back to. */
  keep: boolean;
  /** Since when it is to be seen, in milliseconds of the clock that events carry. */
  shownAt: number;
  /** Undefined until the background page has answered. */
  state: PageState | undefined;
  /** The link is none of ours, or asks for what cannot be done. */
  refused: ErrorShape | undefined;
  query: string;
  /** The answers of a choice. */
  rows: readonly ChoiceRow[];
  /** The chosen answer: a project, null for none, undefined while there is no choice. */
  chosen: ProjectId | null | undefined;
  remember: boolean;
  /** The call under way; a second is not begun. */
  busy: PageCall | undefined;
  error: ErrorShape | undefined;
}

/** What the page asks of the background page. */
export type PageCall =
  | { kind: "state"; id: string }
  | { kind: "link"; link: string; keep: boolean }
  | { kind: "answer"; id: string; answer: PageAnswer; keep: boolean };

export type PageResult = { kind: "state"; state: PageState } | { kind: "link"; id: string | null } | { kind: "answered" };

/** `at` is in milliseconds of one clock. */
export type PageEvent =
  | { kind: "answered"; call: PageCall; result: PageResult }
  | { kind: "failed"; call: PageCall; error: ErrorShape }
  /** The tab came to the front. */
  | { kind: "seen"; at: number }
  | { kind: "intent"; intent: PageIntent; at: number }
  | { kind: "typed"; query: string }
  | { kind: "chosen"; project: ProjectId | null }
  | { kind: "remember"; remember: boolean }
  /** The chosen answer of a choice. */
  | { kind: "submit"; at: number }
  /** A notice's button. */
  | { kind: "open"; project: ProjectId | null }
  | { kind: "rules" }
  | { kind: "close" }
  | { kind: "reload" };

export type PageEffect =
  | { kind: "call"; call: PageCall }
  /** Once drawn: on the chosen answer, the field, or whatever the page is to be begun with. */
  | { kind: "focus"; target: "chosen" | "field" | "begin" }
  /** The link has become this question, or was opened (empty): a reload, or coming forward to it again, does not do so twice. */
  | { kind: "name"; id: string }
  | { kind: "rules" }
  /** To the page that the tab stood on before. */
  | { kind: "goBack" };

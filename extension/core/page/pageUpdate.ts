import type { PageAnswer, PageContent, PageState } from "../../../shared/protocol/page.ts";
import { movedTo } from "../popupKey.ts";
import { choiceRows } from "./choiceRows.ts";
import type { PageIntent } from "./pageKey.ts";
import type { PageCall, PageEffect, PageEvent, PageModel, PageResult } from "./pageModel.ts";

type Step = readonly [PageModel, readonly PageEffect[]];
type Choice = Extract<PageContent, { kind: "choose" }>;

/**
 * How long a question that a stranger can raise takes no answer, in milliseconds: a page must not have the user press
 * Enter, or click, on something that was not there when they began to.
 */
export const strangersWait = 500;

/** What the page asks first: for its question, or what its link is. */
export function firstStep(address: { id: string } | { link: string }, keep: boolean, shownAt: number): Step {
  const first: PageCall = "id" in address ? { kind: "state", id: address.id } : { kind: "link", link: address.link, keep };
  const model: PageModel = {
    first,
    id: "id" in address ? address.id : "",
    keep,
    shownAt,
    state: undefined,
    refused: undefined,
    query: "",
    rows: [],
    chosen: undefined,
    remember: false,
    busy: undefined,
    error: undefined,
  };
  return begin(model, first);
}

/** The page's next model after an event, and what is to be done outside it. */
export function pageUpdate(model: PageModel, event: PageEvent): Step {
  switch (event.kind) {
    case "answered":
      // What was answered stays busy: the tab closes, or goes elsewhere.
      return event.result.kind === "answered" ? [model, back(model)] : learned({ ...model, busy: undefined, error: undefined }, event.result);
    case "failed":
      if (event.call.kind === "link" && event.error.code === "badLink") {
        return [{ ...model, busy: undefined, refused: event.error }, [{ kind: "focus", target: "begin" }]];
      }
      return [{ ...model, busy: undefined, error: event.error }, [{ kind: "focus", target: "begin" }]];
    case "seen":
      return [{ ...model, shownAt: event.at }, []];
    case "intent":
      return intended(model, event.intent, event.at);
    case "typed":
      return [withQuery(model, event.query), []];
    case "chosen":
      return [{ ...model, chosen: event.project }, []];
    case "remember":
      return [{ ...model, remember: event.remember }, []];
    case "submit":
      return submit(model, event.at);
    case "open":
      return answer(model, { kind: "open", project: event.project, remember: false });
    case "rules":
      return [model, [{ kind: "rules" }]];
    case "close":
      return close(model);
    case "reload":
      return begin(model, model.id === "" ? model.first : { kind: "state", id: model.id });
  }
}

/** The question, when it is one to choose in. */
export function choiceOf(model: PageModel): Choice | undefined {
  const content = model.state?.content;
  return content?.kind === "choose" ? content : undefined;
}

/** Whether the chosen answer can be remembered: "without a project" cannot. */
export function canRemember({ state, chosen }: PageModel): boolean {
  return typeof state?.remembers === "string" && typeof chosen === "string";
}

function begin(model: PageModel, call: PageCall): Step {
  if (model.busy) return [model, []];
  return [{ ...model, busy: call, error: undefined }, [{ kind: "call", call }]];
}

function answer(model: PageModel, given: PageAnswer): Step {
  return begin(model, { kind: "answer", id: model.id, answer: given, keep: model.keep });
}

function learned(model: PageModel, result: Exclude<PageResult, { kind: "answered" }>): Step {
  switch (result.kind) {
    case "state":
      return known(model, result.state);
    case "link": {
      if (result.id === null) return [model, [{ kind: "name", id: "" }, ...back(model)]];
      const [next, effects] = begin({ ...model, id: result.id }, { kind: "state", id: result.id });
      return [next, [{ kind: "name", id: result.id }, ...effects]];
    }
  }
}

/** What was opened stands in a tab of its own then. */
function back(model: PageModel): PageEffect[] {
  return model.keep ? [{ kind: "goBack" }] : [];
}

function known(model: PageModel, state: PageState): Step {
  const next = withQuery({ ...model, state }, model.query);
  if (choiceOf(next) === undefined) return [next, [{ kind: "focus", target: "begin" }]];
  const kept = next.rows.some((row) => (row.project?.id ?? null) === next.chosen);
  return [kept ? next : { ...next, chosen: state.first }, [{ kind: "focus", target: "chosen" }]];
}

/** The first that is found is chosen. */
function withQuery(model: PageModel, query: string): PageModel {
  const choice = choiceOf(model);
  if (choice === undefined || model.state === undefined) return { ...model, query, rows: [] };
  const rows = choiceRows(choice, model.state.projects, query);
  const [first] = rows;
  return { ...model, query, rows, chosen: query.trim() === "" || first === undefined ? model.chosen : (first.project?.id ?? null) };
}

function intended(model: PageModel, intent: PageIntent, at: number): Step {
  if (intent.kind === "leave") {
    if (model.query !== "") return [withQuery(model, ""), [{ kind: "focus", target: "chosen" }]];
    return close(model);
  }
  if (choiceOf(model) === undefined) return [model, []];
  switch (intent.kind) {
    case "move": {
      const from = model.rows.findIndex((row) => (row.project?.id ?? null) === model.chosen);
      return choose(model, movedTo(intent.to, from, model.rows.length));
    }
    case "digit":
      return choose(model, model.rows.findIndex((row) => row.digit === intent.digit));
    case "remember":
      return [canRemember(model) ? { ...model, remember: !model.remember } : model, []];
    case "find":
      return [model, [{ kind: "focus", target: "field" }]];
    case "open":
      return submit(model, at);
  }
}

function choose(model: PageModel, at: number): Step {
  const row = model.rows[at];
  return row === undefined ? [model, []] : [{ ...model, chosen: row.project?.id ?? null }, [{ kind: "focus", target: "chosen" }]];
}

function submit(model: PageModel, at: number): Step {
  const choice = choiceOf(model);
  if (choice === undefined || model.chosen === undefined || model.rows.length === 0) return [model, []];
  if (choice.why !== "rule" && at - model.shownAt < strangersWait) return [model, []];
  return answer(model, { kind: "open", project: model.chosen, remember: model.remember && canRemember(model) });
}

function close(model: PageModel): Step {
  if (model.keep) return [model, [{ kind: "goBack" }]];
  return answer(model, { kind: "close" });
}

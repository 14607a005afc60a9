import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import type { CurrentPage, PopupState } from "../../../shared/protocol/popup.ts";
import { firstModel, type PopupCall, type PopupEffect, type PopupEvent, type PopupModel } from "../../../extension/core/popupModel.ts";
import { popupUpdate } from "../../../extension/core/popupUpdate.ts";
import { conflict, connected, project, projectId } from "./scenes.ts";

const state: PopupState = {
  projects: [project(1, "Acme", "blue"), project(2, "Beta", "red"), project(3, "Gamma", "green", { adoptable: true })],
  current: projectId(2),
  bound: null,
  host: connected,
};
const known: PopupEvent = { kind: "changed", state };
const enter: PopupEvent = { kind: "intent", intent: { kind: "choose", bind: false } };
const bindEnter: PopupEvent = { kind: "intent", intent: { kind: "choose", bind: true } };
const down: PopupEvent = { kind: "intent", intent: { kind: "move", to: "next" } };
const leave: PopupEvent = { kind: "intent", intent: { kind: "leave" } };
const typed = (query: string): PopupEvent => ({ kind: "typed", query });
const without = (...gone: number[]): PopupState => ({ ...state, projects: state.projects.filter(({ id }) => !gone.map(projectId).includes(id)) });

/** The model after these events, and what the last one asked for. */
function after(...events: PopupEvent[]): { model: PopupModel; effects: readonly PopupEffect[]; call: PopupCall | undefined } {
  let model = firstModel;
  let effects: readonly PopupEffect[] = [];
  for (const event of events) [model, effects] = popupUpdate(model, event);
  return { model, effects, call: effects.flatMap((effect) => (effect.kind === "call" ? [effect.call] : []))[0] };
}

const page: CurrentPage = {
  tab: 7,
  url: "https://shop.acme.test/team",
  project: null,
  owners: [],
  pattern: null,
  suggestions: [{ pattern: "shop.acme.test", covers: "host" }, { pattern: "*.acme.test", covers: "site" }],
};
const onPage = (rest: Partial<CurrentPage> = {}, of: Partial<PopupState> = {}): PopupEvent => ({ kind: "changed", state: { ...state, page: { ...page, ...rest }, ...of } });

function failure(call: PopupCall | undefined, error: SteadError): PopupEvent {
  if (!call) throw new Error("Nothing was called.");
  return { kind: "failed", call, error: error.toShape() };
}

describe("the list", () => {
  it("highlights the current project at first, then the best match, then what the arrows reach", () => {
    expect(after(known).model.active).toBe(projectId(2));
    expect(after(known, typed("a")).model.active).toBe(projectId(1));
    expect(after(known, typed("a"), typed("")).model.active).toBe(projectId(2));
    expect(after(known, down, down).model.active).toBe(projectId(1));
  });

  it("keeps the highlight when the state changes, and puts it on the neighbour when its project is gone", () => {
    expect(after(known, down, known).model.active).toBe(projectId(3));
    expect(after(known, down, { kind: "changed", state: without(3) }).model.active).toBe(projectId(2));
    expect(after(known, { kind: "changed", state: without(1, 2, 3) }).model.active).toBeUndefined();
  });

  it("keeps the objects of projects that did not change, so that their lines are not drawn again", () => {
    const [first, second] = [after(known).model, after(known, { kind: "changed", state: structuredClone({ ...state, current: projectId(1) }) }).model];
    expect(second.state?.projects[0]).toBe(first.state?.projects[0]);
    const changed = structuredClone(state);
    changed.projects[0] = { ...project(1, "Acme", "blue"), tabs: 99 };
    expect(after(known, { kind: "changed", state: changed }).model.state?.projects[0]?.tabs).toBe(99);
  });

  it("leaves in steps: the error, what was typed, the popup", () => {
    const failed = failure({ kind: "unbind" }, new SteadError("busy", "busy"));
    expect(after(known, typed("x"), failed, leave).model).toMatchObject({ error: undefined, query: "x" });
    expect(after(known, typed("x"), leave).model).toMatchObject({ query: "", active: projectId(2) });
    expect(after(known, leave).effects).toEqual([{ kind: "close" }]);
  });

  it("says how many were found", () => {
    expect(after(known, typed("a")).model.said).toEqual({ kind: "found", projects: 3 });
    expect(after(known, typed("nothing")).model.said).toEqual({ kind: "found", projects: 0 });
  });
});

describe("switching", () => {
  it("switches to the highlighted project, binding the window on request, and closes when it is done", () => {
    expect(after(known, enter).call).toEqual({ kind: "switch", request: { project: projectId(2) }, name: "Beta" });
    expect(after(known, bindEnter).call).toMatchObject({ request: { project: projectId(2), window: "bind" } });
    expect(after(known, enter, { kind: "answered", answer: { kind: "switched" } }).effects).toEqual([{ kind: "close" }]);
  });

  it("begins nothing while a call is under way", () => {
    expect(after(known, enter, enter).effects).toEqual([]);
    expect(after(known, enter, { kind: "unbind" }).effects).toEqual([]);
  });

  it("holds an Enter that came before the projects were known, and drops it when more is typed", () => {
    expect(after(typed("acm"), enter).effects).toEqual([]);
    expect(after(typed("acm"), enter, known).call).toMatchObject({ request: { project: projectId(1) } });
    expect(after(typed("acm"), enter, typed("acmx"), known).effects).toEqual([]);
  });

  it("offers to create nothing before the projects are known: the name may be taken", () => {
    expect(after(typed("Acme")).model.rows).toEqual([]);
  });

  it("shows what went wrong and stays as it was", () => {
    const begun = after(known, typed("be"), enter);
    const error = new SteadError("storeBusy", "Another process writes.");
    const { model } = after(known, typed("be"), enter, failure(begun.call, error));
    expect(model).toMatchObject({ error: error.toShape(), busy: undefined, query: "be", active: projectId(2) });
  });
});

describe("adoption", () => {
  const needed = new SteadError("adoptionNeeded", "There is one.");

  it("asks when the container is known to be there, and when a switch is refused for it", () => {
    expect(after(known, down, enter).model.page).toEqual({ kind: "adopt", id: projectId(3), name: "Gamma", bind: false });
    const begun = after(known, bindEnter);
    const asked = after(known, bindEnter, failure(begun.call, needed));
    expect(asked.model).toMatchObject({ page: { kind: "adopt", id: projectId(2), name: "Beta", bind: true }, error: undefined, busy: undefined });
  });

  it.each([true, false])("switches with the answer %s and remembers the window's binding", (adopt) => {
    const begun = after(known, bindEnter);
    expect(after(known, bindEnter, failure(begun.call, needed), { kind: "adopt", adopt }).call).toEqual({
      kind: "switch",
      request: { project: projectId(2), window: "bind", adopt },
      name: "Beta",
    });
  });

  it("does nothing when the question is left", () => {
    expect(after(known, down, enter, { kind: "back" })).toMatchObject({ model: { page: { kind: "list" } }, effects: [{ kind: "focus", target: "field" }] });
  });
});

describe("creating", () => {
  const made = { id: projectId(9), name: "New", color: "turquoise", icon: "circle" } as const;

  it("creates what was typed and then switches to it", () => {
    expect(after(known, typed("New"), bindEnter).call).toEqual({ kind: "add", project: { name: "New", color: "turquoise" }, bind: true });
    const added: PopupEvent = { kind: "answered", answer: { kind: "added", project: made, bind: true } };
    const { model, call } = after(known, typed("New"), bindEnter, added);
    expect(call).toEqual({ kind: "switch", request: { project: projectId(9), window: "bind" }, name: "New" });
    expect(model).toMatchObject({ query: "", active: projectId(9), busy: call });
  });

  it("takes colour and icon first where the user wants to choose them", () => {
    const events: PopupEvent[] = [known, typed("New"), { kind: "intent", intent: { kind: "edit" } }, { kind: "drafted", draft: { icon: "tree" } }, { kind: "save" }];
    expect(after(...events).call).toEqual({ kind: "add", project: { name: "New", color: "turquoise", icon: "tree" }, bind: false });
  });
});

describe("editing", () => {
  const opened: PopupEvent[] = [known, { kind: "edit", row: projectId(1) }];

  it("sends only what changed", () => {
    expect(after(...opened, { kind: "drafted", draft: { name: " Acme Ltd " } }, { kind: "save" }).call).toEqual({
      kind: "update",
      id: projectId(1),
      patch: { name: "Acme Ltd" },
    });
    expect(after(...opened, { kind: "drafted", draft: { color: "pink", icon: "pet" } }, { kind: "save" }).call).toMatchObject({
      patch: { color: "pink", icon: "pet" },
    });
  });

  it("asks for nothing when nothing changed", () => {
    expect(after(...opened, { kind: "save" })).toMatchObject({ call: undefined, model: { page: { kind: "list" } } });
  });

  it("refuses a name that is none and keeps the draft", () => {
    expect(after(...opened, { kind: "drafted", draft: { name: "-x", color: "pink" } }, { kind: "save" })).toMatchObject({
      call: undefined,
      model: { page: { kind: "edit", nameRefused: true, draft: { name: "-x", color: "pink" } } },
    });
  });

  it("keeps the draft when the change is refused", () => {
    const changed: PopupEvent[] = [...opened, { kind: "drafted", draft: { name: "Beta" } }, { kind: "save" }];
    const { model } = after(...changed, failure(after(...changed).call, new SteadError("projectExists", "There is a Beta.")));
    expect(model).toMatchObject({ page: { kind: "edit", draft: { name: "Beta" } }, error: { code: "projectExists" }, busy: undefined });
  });

  it("goes back to the list, and says so, when another hand removes the project", () => {
    expect(after(...opened, { kind: "changed", state: without(1) }).model).toMatchObject({ page: { kind: "list" }, said: { kind: "gone", name: "Acme" } });
  });
});

describe("removing", () => {
  it("asks first and removes on the answer", () => {
    const asked: PopupEvent[] = [known, { kind: "intent", intent: { kind: "remove" } }];
    expect(after(...asked)).toMatchObject({ call: undefined, model: { page: { kind: "remove", project: { name: "Beta" } } }, effects: [{ kind: "focus", target: "page" }] });
    expect(after(...asked, { kind: "remove" }).call).toEqual({ kind: "remove", id: projectId(2) });
    expect(after(...asked, { kind: "remove" }, { kind: "answered", answer: { kind: "removed", name: "Beta" } }).model).toMatchObject({
      page: { kind: "list" },
      said: { kind: "removed", name: "Beta" },
    });
  });

  it("has nothing to remove where a name is only offered", () => {
    expect(after(known, typed("New"), { kind: "intent", intent: { kind: "remove" } }).model.page.kind).toBe("list");
  });
});

describe("taking back", () => {
  const held = (holder: string, expiresAt = 9e15): PopupState => ({
    ...state,
    projects: state.projects.map((one) => (one.id === projectId(2) ? { ...one, lease: { project: one.id, holder, expiresAt } } : one)),
  });
  const changed = (next: PopupState): PopupEvent => ({ kind: "changed", state: next });
  const key: PopupEvent = { kind: "intent", intent: { kind: "takeBack" } };
  const asked = [changed(held("agent")), key];
  const call = { kind: "takeBack", id: projectId(2), name: "Beta", holder: "agent" } as const;

  it("asks first, takes the project back on the answer, and says so", () => {
    expect(after(...asked)).toMatchObject({ call: undefined, model: { page: { kind: "takeBack", id: projectId(2), holder: "agent" } }, effects: [{ kind: "focus", target: "page" }] });
    expect(after(...asked, { kind: "takeBack" }).call).toEqual(call);
    const said = { kind: "takenBack", name: "Beta", holder: "agent" } as const;
    expect(after(...asked, { kind: "takeBack" }, changed(state), { kind: "answered", answer: said }).model).toMatchObject({ page: { kind: "list" }, said, busy: undefined });
  });

  it.each([
    ["nobody has the project", [known, key]],
    ["the highlighted project is another", [changed(held("agent")), down, key]],
    ["a name is only offered", [changed(held("agent")), typed("New"), key]],
    ["no question was asked", [changed(held("agent")), { kind: "takeBack" }]],
  ] as [string, PopupEvent[]][])("asks nothing when %s", (_, events) => {
    expect(after(...events)).toMatchObject({ call: undefined, model: { page: { kind: "list" } } });
  });

  it.each([
    ["has been given back", state],
    ["is with another", held("second")],
  ])("goes back to the list, and says so, when the project %s meanwhile", (_, next) => {
    expect(after(...asked, changed(next)).model).toMatchObject({ page: { kind: "list" }, said: { kind: "leaseOver", name: "Beta" } });
  });

  it("goes on asking when the lease is only renewed, and not when the project is removed", () => {
    expect(after(...asked, changed(held("agent", 1))).model.page.kind).toBe("takeBack");
    expect(after(...asked, changed(without(2))).model).toMatchObject({ page: { kind: "list" }, said: { kind: "gone", name: "Beta" } });
  });

  it("draws the line anew when its lease has changed", () => {
    const rowOf = ({ model }: { model: PopupModel }) => model.state?.projects[1];
    expect(rowOf(after(changed(held("agent")), changed(held("second"))))?.lease?.holder).toBe("second");
    expect(rowOf(after(changed(held("agent")), changed(held("agent", 5))))?.lease?.expiresAt).toBe(5);
    expect(rowOf(after(changed(held("agent")), known))?.lease).toBeUndefined();
  });
});

describe("a conflict", () => {
  it("is dismissed by its project and revision, once there is one", () => {
    expect(after(known, { kind: "dismissConflict" }).effects).toEqual([]);
    const told: PopupEvent = { kind: "changed", state: { ...state, conflict } };
    expect(after(told, { kind: "dismissConflict" }).call).toEqual({ kind: "dismissConflict", project: conflict.project, revision: conflict.revision });
    expect(after(told, { kind: "dismissConflict" }, { kind: "answered", answer: { kind: "conflictDismissed" } }).effects).toEqual([{ kind: "focus", target: "field" }]);
  });
});

describe("the background page", () => {
  it("may answer the state late without ending another call", () => {
    expect(after(known, enter, { kind: "answered", answer: { kind: "state", state } }).model.busy).toMatchObject({ kind: "switch" });
  });

  it("is asked again when it could not be reached", () => {
    const lost = failure({ kind: "state" }, new SteadError("disconnected", "gone"));
    expect(after(lost).model.error?.code).toBe("disconnected");
    expect(after(lost, { kind: "reload" })).toMatchObject({ call: { kind: "state" }, model: { error: undefined } });
  });
});

describe("the page in the tab", () => {
  const reopen: PopupEvent = { kind: "intent", intent: { kind: "reopen" } };
  const rule: PopupEvent = { kind: "intent", intent: { kind: "rule" } };

  it("is opened again in the highlighted project, and the popup closes", () => {
    const call = { kind: "reopen", tab: 7, project: projectId(1) };
    expect(after(onPage(), typed("acme"), reopen).call).toEqual(call);
    expect(after(onPage(), reopen, { kind: "answered", answer: { kind: "reopened" } }).effects).toEqual([{ kind: "close" }]);
  });

  it.each([
    ["there is no page", [known, reopen]],
    ["nothing is known yet", [reopen]],
    ["it is in the highlighted project already", [onPage({ project: projectId(2) }), reopen]],
    ["no project is highlighted", [onPage(), typed("brand new"), reopen]],
    ["there is no page for a rule", [known, rule]],
    ["there is no project for a rule", [onPage({}, { projects: [] }), rule]],
    ["no pattern fits", [onPage({ suggestions: [] }), rule]],
  ] as [string, PopupEvent[]][])("asks nothing when %s", (_, events) => {
    const { effects, model } = after(...events);
    expect(effects).toEqual([]);
    expect(model.page).toEqual({ kind: "list" });
  });

  it.each<[string, Partial<CurrentPage>, string]>([
    ["the tab's", { project: projectId(3) }, projectId(3)],
    ["the current one in a tab without a project", {}, projectId(2)],
    ["the current one when the tab's is gone", { project: projectId(99) }, projectId(2)],
  ])("gets a rule of the likeliest pattern in its project: %s", (_, rest, project) => {
    const { model, effects } = after(onPage(rest), rule);
    expect(model.page).toMatchObject({ kind: "rule", draft: { pattern: "shop.acme.test", project, ask: false } });
    expect(effects).toEqual([{ kind: "focus", target: "page" }]);
  });

  it("moves the open tabs when the tab is elsewhere, unless the user says otherwise", () => {
    const draft = (given: object): PopupEvent => ({ kind: "ruleDrafted", draft: given });
    const save: PopupEvent = { kind: "save" };
    const here = onPage({ project: projectId(2) });
    expect(after(here, rule, save).call).toMatchObject({ kind: "addRule", apply: false });
    expect(after(here, rule, draft({ project: projectId(1) }), save).call).toMatchObject({ apply: true });
    expect(after(here, rule, draft({ apply: true }), save).call).toMatchObject({ apply: true });
    expect(after(onPage(), rule, draft({ apply: false }), save).call).toMatchObject({ apply: false });
  });

  it("takes the pattern, the project and the asking that were chosen, and says what was done", () => {
    const drafted: PopupEvent = { kind: "ruleDrafted", draft: { pattern: "*.acme.test", project: projectId(1), ask: true } };
    expect(after(onPage(), rule, drafted, { kind: "save" }).call).toEqual({
      kind: "addRule",
      rule: { pattern: "*.acme.test", project: projectId(1), ask: true },
      apply: true,
      name: "Acme",
    });
    const ruled = { kind: "ruled", pattern: "*.acme.test", project: "Acme", moved: 2 } as const;
    const { model, effects } = after(onPage(), rule, drafted, { kind: "save" }, { kind: "answered", answer: ruled });
    expect(model).toMatchObject({ page: { kind: "list" }, said: ruled, busy: undefined });
    expect(effects).toEqual([{ kind: "focus", target: "field" }]);
  });

  it("goes back to the list when the rule's project is removed elsewhere", () => {
    expect(after(onPage(), rule, { kind: "changed", state: without(2) }).model).toMatchObject({ page: { kind: "list" }, said: { kind: "gone", name: "Beta" } });
  });

  it("keeps its notice until it is dismissed", () => {
    expect(after(onPage(), { kind: "dismissNotice" }).call).toEqual({ kind: "dismissNotice" });
    expect(after(onPage(), { kind: "dismissNotice" }, { kind: "answered", answer: { kind: "noticeDismissed" } }).effects).toEqual([{ kind: "focus", target: "field" }]);
  });

  it("leads to the options page", () => {
    expect(after(known, { kind: "options" }).effects).toEqual([{ kind: "options" }]);
  });
});

import { describe, expect, it } from "vitest";
import type { PageCall, PageEffect, PageEvent, PageModel } from "../../../extension/core/page/pageModel.ts";
import { canRemember, firstStep, pageUpdate, strangersWait } from "../../../extension/core/page/pageUpdate.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { PageState } from "../../../shared/protocol/page.ts";
import { pageScenes, projectId } from "./pageScenes.ts";

const asked = 1000;
const later = asked + strangersWait;
const stateCall: PageCall = { kind: "state", id: "q" };
const known = (state: PageState): PageEvent => ({ kind: "answered", call: stateCall, result: { kind: "state", state } });
const intent = (given: Extract<PageEvent, { kind: "intent" }>["intent"], at = later): PageEvent => ({ kind: "intent", intent: given, at });
const open = (at = later): PageEvent => intent({ kind: "open" }, at);
const leave = intent({ kind: "leave" });
const digit = (number: number): PageEvent => intent({ kind: "digit", digit: number });
const { rule, external, link, signIn, many, loop, gone } = pageScenes;

interface After {
  model: PageModel;
  effects: readonly PageEffect[];
  calls: PageCall[];
}

/** The model after these events, and what the last one asked for. */
function after(address: { id: string } | { link: string }, keep: boolean, ...events: PageEvent[]): After {
  let [model, effects] = firstStep(address, keep, asked);
  for (const event of events) [model, effects] = pageUpdate(model, event);
  return { model, effects, calls: effects.flatMap((effect) => (effect.kind === "call" ? [effect.call] : [])) };
}

const asks = (state: PageState, ...events: PageEvent[]): After => after({ id: "q" }, false, known(state), ...events);
const opens = (project: string | null, remember = false): PageCall => ({ kind: "answer", id: "q", answer: { kind: "open", project, remember }, keep: false });

describe("a choice", () => {
  it("asks for its question first", () => {
    expect(after({ id: "q" }, false).calls).toEqual([stateCall]);
  });

  it("has the first named project chosen, and opens it with Enter", () => {
    expect(asks(rule.state).model.chosen).toBe(projectId(1));
    expect(asks(rule.state, open()).calls).toEqual([opens(projectId(1))]);
  });

  it.each([
    ["2", [digit(2)], projectId(3)],
    ["0", [digit(0)], null],
    ["a digit that no row has", [digit(9)], projectId(1)],
    ["down", [intent({ kind: "move", to: "next" })], projectId(3)],
    ["up, round to none", [intent({ kind: "move", to: "previous" })], null],
    ["the end", [intent({ kind: "move", to: "last" })], null],
    ["a click", [{ kind: "chosen", project: projectId(4) }], projectId(4)],
  ] as [string, PageEvent[], string | null][])("chooses by %s", (_, events, chosen) => {
    expect(asks(rule.state, ...events, open()).calls).toEqual([opens(chosen)]);
  });

  it("remembers when told to, and only what can be", () => {
    const remember = intent({ kind: "remember" });
    expect(asks(rule.state, remember, open()).calls).toEqual([opens(projectId(1), true)]);
    expect(asks(rule.state, remember, remember, open()).calls).toEqual([opens(projectId(1))]);
    expect(asks(rule.state, remember, digit(0), open()).calls).toEqual([opens(null)]);
    expect(asks(signIn.state, remember, open()).calls).toEqual([opens(projectId(2))]);
    expect(canRemember(asks(signIn.state).model)).toBe(false);
  });

  it("finds projects, and chooses the best", () => {
    const found = asks(many.state, { kind: "typed", query: "client 27" });
    expect(found.model.rows).toHaveLength(1);
    expect(pageUpdate(found.model, open())[1]).toEqual([{ kind: "call", call: opens(projectId(27)) }]);
    const none = asks(many.state, { kind: "typed", query: "zzz" });
    expect(pageUpdate(none.model, open())[1]).toEqual([]);
  });

  it("leaves in steps: what was typed, the page", () => {
    const typed = asks(many.state, { kind: "typed", query: "7" }, leave);
    expect(typed.model.query).toBe("");
    expect(typed.calls).toEqual([]);
    expect(pageUpdate(typed.model, leave)[1]).toEqual([{ kind: "call", call: { kind: "answer", id: "q", answer: { kind: "close" }, keep: false } }]);
  });

  it("answers once, however often Enter is pressed", () => {
    expect(asks(rule.state, open(), open()).calls).toEqual([]);
    const answered: PageEvent = { kind: "answered", call: opens(projectId(1)), result: { kind: "answered" } };
    expect(asks(rule.state, open(), answered, open())).toMatchObject({ calls: [], effects: [] });
  });

  it("stays with its choice when opening fails", () => {
    const failed: PageEvent = { kind: "failed", call: opens(projectId(3)), error: new SteadError("adoptionNeeded", "There is one.").toShape() };
    const { model } = asks(rule.state, digit(2), open(), failed);
    expect(model).toMatchObject({ chosen: projectId(3), busy: undefined, error: { code: "adoptionNeeded" } });
    expect(pageUpdate(model, open())[1]).toEqual([{ kind: "call", call: opens(projectId(3)) }]);
  });

  it("keeps the choice when the background page was away", () => {
    expect(asks(rule.state, digit(2), known(rule.state)).model.chosen).toBe(projectId(3));
  });
});

describe("a question that a stranger can raise", () => {
  it.each([["external", external], ["link", link], ["signIn", signIn]])("takes no answer at once: %s", (_, scene) => {
    expect(asks(scene.state, open(later - 1)).calls).toEqual([]);
    expect(asks(scene.state, { kind: "submit", at: later - 1 }).calls).toEqual([]);
    expect(asks(scene.state, open()).calls).toHaveLength(1);
  });

  it("waits again when the tab comes to the front", () => {
    const seen: PageEvent = { kind: "seen", at: 90_000 };
    expect(asks(link.state, seen, open(90_100)).calls).toEqual([]);
    expect(asks(link.state, seen, open(90_000 + strangersWait)).calls).toHaveLength(1);
  });

  it("is not waited for where the user's own rule asks, nor to close", () => {
    expect(asks(rule.state, open(asked + 1)).calls).toHaveLength(1);
    expect(asks(link.state, intent({ kind: "leave" }, asked + 1)).calls).toHaveLength(1);
  });
});

describe("a link", () => {
  const call: PageCall = { kind: "link", link: "ext+stead:open?url=x", keep: true };
  const at = { link: call.link };
  const became = (id: string | null): PageEvent => ({ kind: "answered", call, result: { kind: "link", id } });

  it("is handed over first", () => {
    expect(after(at, true).calls).toEqual([call]);
  });

  it("that became a question takes its name and asks it", () => {
    expect(after(at, true, became("q")).effects).toEqual([{ kind: "name", id: "q" }, { kind: "call", call: stateCall }]);
  });

  it("that was opened gives the tab back to the page it had", () => {
    expect(after(at, true, became(null)).effects).toEqual([{ kind: "name", id: "" }, { kind: "goBack" }]);
    expect(after(at, false, became(null)).effects).toEqual([{ kind: "name", id: "" }]);
  });

  it("keeps the page it was followed from: an answer opens beside it, closing goes back", () => {
    const question = [became("q"), known(link.state)];
    const answer: PageCall = { kind: "answer", id: "q", answer: { kind: "open", project: null, remember: false }, keep: true };
    expect(after(at, true, ...question, open()).calls).toEqual([answer]);
    expect(after(at, true, ...question, open(), { kind: "answered", call: answer, result: { kind: "answered" } }).effects).toEqual([{ kind: "goBack" }]);
    expect(after(at, true, ...question, leave).effects).toEqual([{ kind: "goBack" }]);
  });

  it("that is none says so; another failure can be tried again", () => {
    const bad = new SteadError("badLink", "It was expected to have an address.").toShape();
    expect(after(at, true, { kind: "failed", call, error: bad }).model).toMatchObject({ refused: bad, error: undefined });
    const lost = new SteadError("disconnected", "Gone.").toShape();
    const { model } = after(at, true, { kind: "failed", call, error: lost });
    expect(model).toMatchObject({ refused: undefined, error: lost });
    expect(pageUpdate(model, { kind: "reload" })[1]).toEqual([{ kind: "call", call }]);
  });
});

describe("a notice", () => {
  it("opens where its button says, without a choice or a wait", () => {
    expect(asks(loop.state, { kind: "open", project: projectId(2) }).calls).toEqual([opens(projectId(2))]);
    expect(asks(loop.state, open()).calls).toEqual([]);
    expect(asks(loop.state, digit(1)).model.chosen).toBeUndefined();
  });

  it("leads to the rules, and stays", () => {
    expect(asks(loop.state, { kind: "rules" }).effects).toEqual([{ kind: "rules" }]);
  });

  it("of nothing closes", () => {
    expect(asks(gone.state, { kind: "close" }).calls).toEqual([{ kind: "answer", id: "q", answer: { kind: "close" }, keep: false }]);
  });
});

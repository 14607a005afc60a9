import { describe, expect, it } from "vitest";
import type { OptionsEvent } from "../../../extension/core/options/optionsModel.ts";
import type { RulesEvent } from "../../../extension/core/options/rulesModel.ts";
import { after, failure, from, known, patterns } from "./run.ts";
import { manyRules, projectId, rule, ruleId, scenes } from "./scenes.ts";

type Bare = RulesEvent extends infer E ? (E extends RulesEvent ? Omit<E, "to"> : never) : never;
const rules = (event: Bare): OptionsEvent => ({ to: "rules", ...event });
const at = (n: number, column: "pattern" | "project" | "ask" | "remove") => ({ row: ruleId(n), column });
const edit = (n: number, column: "pattern" | "project", value: string) => [rules({ kind: "edit", cell: at(n, column) }), rules({ kind: "edited", value })];
const commit = rules({ kind: "commit", stay: true });

describe("the table of rules", () => {
  it("keeps patterns of one host together, whatever stands before it", () => {
    expect(patterns(known()).slice(1, 3)).toEqual(["*.acme.example", "!blog.acme.example"]);
    expect(patterns(known()).slice(3, 6)).toEqual(["*.github.com", "github.com", "github.com/acme"]);
  });

  it("sorts by project in the projects' order, and the other way round the second time", () => {
    const once = after(rules({ kind: "sort", by: "project" })).model;
    const owners = once.rules.rows.map((one) => one.project);
    expect(owners).toEqual([...owners].sort());
    const twice = from(once, rules({ kind: "sort", by: "project" })).model;
    expect(twice.rules.rows.map((one) => one.id)).toEqual(once.rules.rows.map((one) => one.id).reverse());
  });

  it.each([
    ["GITHUB", ["*.github.com", "github.com", "github.com/acme"]],
    ["side portal", ["portal.example"]],
    ["schön", ["localhost:5170-5179", "schoen.example"]],
    ["nothing of the kind", []],
  ])("shows for %o the rules whose pattern or project has every word of it", (query, expected) => {
    expect(patterns(after(rules({ kind: "filter", query })).model)).toEqual(expected);
  });

  it("begins from the top when it is filtered", () => {
    const { model, effects } = after(rules({ kind: "scrolled", top: 900, height: 300 }), rules({ kind: "filter", query: "g" }));
    expect(model.rules.scroll.top).toBe(0);
    expect(effects).toEqual([{ kind: "scrollToTop" }]);
  });

  it("takes in what another hand changed, and keeps the active cell on its rule", () => {
    const set = [rule(90, "aaa.example"), { ...rule(6, "zzz.example", 4) }];
    const { model } = after(rules({ kind: "at", cell: at(6, "project") }), { to: "page", kind: "rulesChanged", change: { store: "store", revision: 2, all: false, set, removed: [ruleId(4)] } });
    expect(patterns(model)).not.toContain("localhost:3000");
    expect(patterns(model).at(-1)).toBe("zzz.example");
    expect(model.rules.active).toEqual(at(6, "project"));
    expect(model.rules.activePlace).toBe(10);
  });

  it("moves to the neighbour when the active rule goes", () => {
    const { model } = after(rules({ kind: "at", cell: at(5, "pattern") }), rules({ kind: "remove", id: ruleId(5) }));
    expect(model.rules.active).toEqual(at(6, "pattern"));
  });

  it("moves up into the titles and down again", () => {
    const up = after(rules({ kind: "move", move: "gridStart" }), rules({ kind: "move", move: "up" })).model;
    expect(up.rules.active).toEqual({ row: "head", column: "pattern" });
    const end = from(up, rules({ kind: "move", move: "rowEnd" })).model;
    expect(end.rules.active).toEqual({ row: "head", column: "ask" });
    expect(from(end, rules({ kind: "move", move: "down" })).model.rules.active).toEqual(at(11, "ask"));
  });
});

describe("editing a rule", () => {
  it("writes the pattern in canonical text and shows it at once", () => {
    const { model, call, effects } = after(...edit(8, "pattern", " Schön.Example. "), commit);
    expect(call).toMatchObject({ kind: "changeRules", put: [{ id: ruleId(8), project: projectId(2), pattern: "xn--schn-7qa.example", ask: false }], why: "edit" });
    expect(patterns(model)).toContain("xn--schn-7qa.example");
    expect(effects).toContainEqual({ kind: "focusCell" });
  });

  it.each([
    ["pattern", "foo*bar", "error"],
    ["pattern", "", "text"],
    ["pattern", "localhost:3000", "text"],
  ] as const)("refuses a %s %o beside the field and keeps what was typed", (column, value, kind) => {
    const { model, call, effects } = after(...edit(1, column, value), commit);
    expect(call).toBeUndefined();
    expect(model.rules.editing).toMatchObject({ value, fault: { kind } });
    expect(effects).toEqual([{ kind: "focus", id: "edited" }]);
  });

  it("refuses to move a rule to a project that has it already", () => {
    const { model, call } = after(...edit(9, "project", projectId(4)), commit);
    expect(call).toBeUndefined();
    expect(model.rules.editing?.fault).toEqual({ kind: "text", name: "optionsRuleThere", value: "portal.example" });
  });

  it("writes nothing when nothing was changed", () => {
    expect(after(...edit(1, "pattern", "https://x"), rules({ kind: "edited", value: "github.com/acme/" }), commit).call).toBeUndefined();
  });

  it("leaves the rule as it was on Escape", () => {
    const { model } = after(...edit(1, "pattern", "other.example"), rules({ kind: "cancelEdit" }));
    expect(model.rules.editing).toBeUndefined();
    expect(patterns(model)).toContain("github.com/acme");
  });

  it("brings what was typed back when the store refuses it, and shows the rule as it is", () => {
    const begun = after(...edit(1, "pattern", "other.example"), commit);
    const { model } = from(begun.model, failure(begun.call));
    expect(patterns(model)).toContain("github.com/acme");
    expect(patterns(model)).not.toContain("other.example");
    expect(model.rules.editing).toMatchObject({ id: ruleId(1), column: "pattern", value: "other.example", fault: { kind: "error" } });
  });

  it("changes whether to ask at once, takes it back when refused, and asks nothing of an exclusion", () => {
    const begun = after(rules({ kind: "ask", id: ruleId(1), ask: true }));
    expect(begun.call).toMatchObject({ put: [{ id: ruleId(1), ask: true }] });
    expect(begun.model.rules.all?.get(ruleId(1))?.ask).toBe(true);
    const refused = from(begun.model, failure(begun.call)).model;
    expect(refused.rules.all?.get(ruleId(1))?.ask).toBe(false);
    expect(refused.error?.code).toBe("storeBusy");
    expect(after(rules({ kind: "edit", cell: at(3, "ask") })).call).toBeUndefined();
  });
});

describe("removing a rule", () => {
  it("removes it at once and brings it back, id and all, on undo", () => {
    const gone = after(rules({ kind: "remove", id: ruleId(1) }));
    expect(gone.call).toMatchObject({ put: [], remove: [ruleId(1)], why: "remove" });
    expect(patterns(gone.model)).not.toContain("github.com/acme");
    expect(gone.model.note).toMatchObject({ kind: "rulesRemoved" });
    const back = from(gone.model, rules({ kind: "undo" }));
    expect(back.call).toMatchObject({ put: [rule(1, "github.com/acme")], remove: [], why: "undo" });
    expect(from(back.model, rules({ kind: "undo" })).call).toBeUndefined();
  });

  it("undoes several removals, the latest first", () => {
    const { model } = after(rules({ kind: "remove", id: ruleId(1) }), rules({ kind: "remove", id: ruleId(2) }), rules({ kind: "undo" }));
    expect(from(model, rules({ kind: "undo" })).call).toMatchObject({ put: [rule(1, "github.com/acme")] });
  });

  it("shows it again when the store refuses, and can be undone when undoing is refused", () => {
    const gone = after(rules({ kind: "remove", id: ruleId(1) }));
    const refused = from(gone.model, failure(gone.call)).model;
    expect(patterns(refused)).toContain("github.com/acme");
    expect(refused.note).toBeUndefined();
    expect(refused.rules.removed).toEqual([]);
    const undone = from(gone.model, rules({ kind: "undo" }));
    expect(from(undone.model, failure(undone.call), rules({ kind: "undo" })).call).toMatchObject({ why: "undo", put: [rule(1, "github.com/acme")] });
  });
});

describe("adding a rule", () => {
  const typed = (pattern: string) => rules({ kind: "draft", draft: { pattern } });
  const add = rules({ kind: "add" });

  it("adds it to the current project unless another is chosen, and offers to move open tabs", () => {
    const begun = after(typed("New.Example/"), add);
    expect(begun.call).toMatchObject({ put: [{ project: projectId(1), pattern: "new.example", ask: false }], why: "add" });
    expect(after(typed("new.example"), rules({ kind: "draft", draft: { project: projectId(3), ask: true } }), add).call).toMatchObject({ put: [{ project: projectId(3), ask: true }] });
    if (begun.call?.kind !== "changeRules") throw new Error("No rule was added.");
    const { model } = from(begun.model, { to: "page", kind: "answered", answer: { kind: "changeRules", call: begun.call, put: [rule(77, "new.example")] } });
    expect(model.rules.draft).toMatchObject({ pattern: "", busy: false });
    expect(model.note).toEqual({ kind: "rulesAdded", rules: [ruleId(77)] });
    expect(patterns(model)).toContain("new.example");
  });

  it.each(["", "*.127.0.0.1", "github.com/acme"])("refuses %o and keeps it in the field", (pattern) => {
    const { model, call } = after(typed(pattern), add);
    expect(call).toBeUndefined();
    expect(model.rules.draft).toMatchObject({ pattern, busy: false });
    expect(model.rules.draft.fault).toBeDefined();
  });

  it("keeps the field when the store refuses", () => {
    const begun = after(typed("new.example"), add);
    expect(from(begun.model, failure(begun.call)).model.rules.draft).toMatchObject({ pattern: "new.example", busy: false, fault: { kind: "error" } });
  });

  it("needs a project", () => {
    const bare = from(known(), { to: "page", kind: "changed", state: scenes.first.state }).model;
    expect(from(bare, typed("new.example"), add)).toMatchObject({ call: undefined, model: { rules: { draft: { fault: { name: "optionsRuleNeedsProject" } } } } });
  });

  it("is prefilled by a link to the page", () => {
    const { model, effects } = after({ to: "page", kind: "go", place: { section: "rules", pattern: "x.example", project: projectId(2) } });
    expect(model).toMatchObject({ section: "rules", rules: { draft: { pattern: "x.example", project: projectId(2) } } });
    expect(effects).toEqual([{ kind: "focus", id: "new-pattern" }]);
  });
});

describe("pasting many rules", () => {
  it("adds what is understood in one go, for the chosen project where a line names none", () => {
    const paste = rules({ kind: "openPaste", text: "new.example\ngithub.com/acme\nbad*pattern\n" });
    const { call } = after(paste, rules({ kind: "addPasted" }));
    expect(call).toMatchObject({ kind: "import", from: "paste", plan: { put: [{ project: projectId(1), pattern: "new.example" }], known: 1, skipped: [{ line: 3 }] } });
  });

  it("adds nothing while nothing is understood, and keeps the text when the store refuses", () => {
    expect(after(rules({ kind: "openPaste", text: "bad*pattern" }), rules({ kind: "addPasted" })).call).toBeUndefined();
    const begun = after(rules({ kind: "openPaste", text: "new.example" }), rules({ kind: "addPasted" }));
    expect(from(begun.model, failure(begun.call)).model.rules).toMatchObject({ paste: "new.example", pasting: false, pasteFault: { kind: "error" } });
  });
});

describe("10,000 rules", () => {
  it("are filtered without sorting them again", () => {
    const model = known(manyRules(10_000));
    const { model: filtered } = from(model, rules({ kind: "filter", query: "site-77" }));
    expect(filtered.rules.rows.length).toBe(111);
    expect(from(filtered, rules({ kind: "filter", query: "" })).model.rules.rows).toBe(model.rules.rows);
  });
});

import { describe, expect, it } from "vitest";
import type { ShortcutPress } from "../../../extension/core/options/shortcutsModel.ts";
import { after, failure, from } from "./run.ts";

const known = { to: "page", kind: "answered", answer: { kind: "shortcuts", shortcuts: [{ name: "a", description: "One", keys: "Alt+Shift+A" }, { name: "b", description: "Two", keys: "" }] } } as const;
const capture = { to: "shortcuts", kind: "capture", name: "b" } as const;
const press = (key: string, ctrl = false): { to: "shortcuts"; kind: "pressed"; press: ShortcutPress } => ({
  to: "shortcuts", kind: "pressed", press: { key, code: `Key${key.toUpperCase()}`, ctrl, meta: false, shift: !ctrl, alt: !ctrl, mac: false },
});

describe("a shortcut", () => {
  it("takes the next keys and gives the focus back", () => {
    expect(after(known, capture, press("Control"), press("k", true))).toMatchObject({
      call: { kind: "setShortcut", name: "b", shortcut: "Ctrl+K" },
      model: { shortcuts: { capturing: undefined } },
      effects: [{ kind: "call" }, { kind: "focus", id: "keys-b" }],
    });
  });

  it("refuses keys that are another command's, and goes on waiting", () => {
    const { model, call } = after(known, capture, press("A"));
    expect(call).toBeUndefined();
    expect(model.shortcuts).toMatchObject({ capturing: "b", refused: { name: "b", fault: { name: "optionsKeysTaken", value: "One" } } });
  });

  it("says what Firefox refuses", () => {
    const begun = after(known, capture, press("q", true));
    expect(from(begun.model, failure(begun.call)).model.shortcuts.refused).toMatchObject({ name: "b", fault: { kind: "error" } });
  });

  it("takes no keys when nothing waits for them", () => {
    expect(after(known, press("k", true)).call).toBeUndefined();
    expect(after(known, capture, { to: "shortcuts", kind: "cancel", stay: true }, press("k", true)).call).toBeUndefined();
  });
});

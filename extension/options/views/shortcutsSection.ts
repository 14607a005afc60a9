import { h, type VNode } from "snabbdom";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import type { Shortcut, ShortcutPress } from "../../core/options/shortcutsModel.ts";
import { faultView, invalid } from "../../ui/fields.ts";
import { glyph } from "../../ui/glyphs.ts";
import { button } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import type { ViewOptions } from "./optionsView.ts";
import type { Send } from "./parts.ts";

export function shortcutsSection(model: OptionsModel, options: ViewOptions, send: Send): VNode {
  return h("div.section", { key: "shortcuts" }, [
    h("p.lead", text("optionsShortcutsLead")),
    h(
      "ul.shortcut-list.card",
      { attrs: { "aria-label": text("optionsShortcuts") } },
      (model.shortcuts.list ?? []).map((shortcut) => shortcutItem(shortcut, model, options, send)),
    ),
    h("div.after", [button(".quiet", text("optionsFirefoxShortcuts"), () => send({ to: "shortcuts", kind: "openSettings" }))]),
  ]);
}

function shortcutItem(shortcut: Shortcut, { shortcuts }: OptionsModel, options: ViewOptions, send: Send): VNode {
  const { name, description, keys } = shortcut;
  const fault = shortcuts.refused?.name === name ? shortcuts.refused.fault : undefined;
  return h("li.shortcut", { key: name }, [
    h("div.shortcut-line", [
      h("span.words", description),
      ...(shortcuts.capturing === name ? [captureField(shortcut, fault, options, send)] : [
        h("span.keys", { attrs: { "aria-label": keys === "" ? text("optionsNoKeys") : spoken(keys) , role: "img" } }, keys === "" ? h("span.muted", text("optionsNoKeys")) : keycaps(keys)),
        button(".quiet", text("optionsChangeKeys"), () => send({ to: "shortcuts", kind: "capture", name }), {
          id: `keys-${name}`, "aria-label": text("optionsChangeKeysOf", description),
        }),
        iconButton("close", text("optionsClearKeysOf", description), () => send({ to: "shortcuts", kind: "clear", name }), keys === ""),
        iconButton("undo", text("optionsResetKeysOf", description), () => send({ to: "shortcuts", kind: "reset", name }), false),
      ]),
    ]),
    faultView(`keys-fault-${name}`, fault),
  ]);
}

function iconButton(sign: Parameters<typeof glyph>[0], label: string, click: () => void, disabled: boolean): VNode {
  return h("button.icon-button", { attrs: { type: "button", "aria-label": label, title: label, disabled }, on: { click } }, [glyph(sign)]);
}

/** Takes the next keys, whatever they are; Tab and Escape leave it. */
function captureField({ name, description }: Shortcut, fault: Parameters<typeof invalid>[1], { mac }: ViewOptions, send: Send): VNode {
  return h("input.capture", {
    key: "capture",
    attrs: {
      id: "capture", type: "text", readonly: true, placeholder: text("optionsPressKeys"),
      "aria-label": text("optionsPressKeysFor", description), ...invalid(`keys-fault-${name}`, fault),
    },
    on: {
      keydown: (event) => {
        if (event.key === "Tab" && !event.ctrlKey && !event.altKey) return;
        event.preventDefault();
        if (event.key === "Escape") send({ to: "shortcuts", kind: "cancel", stay: true });
        else send({ to: "shortcuts", kind: "pressed", press: pressOf(event, mac) });
      },
      blur: () => send({ to: "shortcuts", kind: "cancel", stay: false }),
    },
  });
}

function pressOf({ key, code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent, mac: boolean): ShortcutPress {
  return { key, code, ctrl: ctrlKey, meta: metaKey, shift: shiftKey, alt: altKey, mac };
}

const names: Readonly<Record<string, string>> = { Ctrl: "keyControl", MacCtrl: "keyControl", Shift: "optionsKeyShift", Delete: "keyDelete" };
const signs: Readonly<Record<string, string>> = { Comma: ",", Period: ".", Up: "↑", Down: "↓", Left: "←", Right: "→", Command: "⌘" };

function keycaps(keys: string): VNode[] {
  return keys.split("+").map((key) => h("kbd", keyLabel(key)));
}

function spoken(keys: string): string {
  return keys.split("+").map(keyLabel).join("+");
}

function keyLabel(key: string): string {
  const name = names[key];
  return name === undefined ? (signs[key] ?? key) : text(name);
}

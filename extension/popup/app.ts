import { attributesModule, classModule, eventListenersModule, init, propsModule, styleModule, type VNode } from "snabbdom";
import { toErrorShape } from "../../shared/errors.ts";
import { type KeyPress, popupKey } from "../core/popupKey.ts";
import { firstModel, type PopupEffect, type PopupEvent, type PopupModel } from "../core/popupModel.ts";
import { popupUpdate } from "../core/popupUpdate.ts";
import type { Background } from "./background.ts";
import { popupView } from "./views/popupView.ts";
import { rowElementId } from "./views/row.ts";

export interface AppOptions {
  root: Element;
  background: Background;
  mac: boolean;
  /** Has Firefox ask the user for the right to read sites' cookies; works only straight from a click. */
  grant: () => void;
  /** Opens the options page, and closes the popup. */
  openOptions: () => void;
  /** How many projects there were when the popup was last open, and where to note it; a number only, no names. */
  lastCount: { get: () => number; set: (count: number) => void };
}

/** Draws the popup at once, asks for the state, and from then on turns events into models, drawings and calls. */
export function startApp(options: AppOptions): (event: PopupEvent) => void {
  const patch = init([attributesModule, classModule, propsModule, styleModule, eventListenersModule]);
  const view = { mac: options.mac, expected: options.lastCount.get(), now: Date.now };
  let model: PopupModel = firstModel;
  let drawn: VNode | Element = options.root;

  draw(undefined);
  field()?.focus();
  perform({ kind: "call", call: { kind: "state" } });
  document.addEventListener("keydown", keyDown);
  return send;

  function send(event: PopupEvent): void {
    const before = model;
    const [next, effects] = popupUpdate(model, event);
    model = next;
    draw(before);
    if (model.state && model.state.projects.length !== before.state?.projects.length) options.lastCount.set(model.state.projects.length);
    for (const effect of effects) perform(effect);
    // What had the focus may be gone.
    if (document.activeElement === document.body) begin();
  }

  function draw(before: PopupModel | undefined): void {
    if (before === model) return;
    drawn = patch(drawn, popupView(model, view, send));
    if (model.active !== undefined && model.active !== before?.active) {
      document.getElementById(rowElementId(model.active))?.scrollIntoView({ block: "nearest" });
    }
  }

  function perform(effect: PopupEffect): void {
    switch (effect.kind) {
      case "call":
        options.background.perform(effect.call).then(
          (answer) => send({ kind: "answered", answer }),
          (error: unknown) => send({ kind: "failed", call: effect.call, error: toErrorShape(error) }),
        );
        return;
      case "focus":
        begin();
        return;
      case "copy":
        // Without the permission to write, the command can still be selected and copied by hand.
        navigator.clipboard.writeText(effect.text).catch(() => undefined);
        return;
      case "grant":
        options.grant();
        return;
      case "options":
        options.openOptions();
        return;
      case "close":
        window.close();
    }
  }

  /** The focus where the page begins: the list's field, a form's name, a question's least answer. */
  function begin(): void {
    const target = field() ?? document.querySelector("[data-begin]");
    if (!(target instanceof HTMLElement) || target === document.activeElement) return;
    target.focus();
    if (target instanceof HTMLInputElement && target.id === "name") target.select();
  }

  function keyDown(event: KeyboardEvent): void {
    // Held down, Enter would press the button that the question it raised begins with.
    if (event.key === "Enter" && event.repeat) {
      event.preventDefault();
      return;
    }
    if (model.page.kind !== "list") {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      send({ kind: "back" });
      return;
    }
    const intent = popupKey(pressOf(event));
    if (!intent) return;
    event.preventDefault();
    send({ kind: "intent", intent });
  }
}

function field(): HTMLInputElement | undefined {
  const element = document.getElementById("field");
  return element instanceof HTMLInputElement ? element : undefined;
}

function pressOf(event: KeyboardEvent): KeyPress {
  const input = field();
  const inField = input !== undefined && event.target === input;
  return {
    key: event.key,
    ctrl: event.ctrlKey,
    meta: event.metaKey,
    shift: event.shiftKey,
    alt: event.altKey,
    repeat: event.repeat,
    composing: event.isComposing,
    inField,
    caretAtEnd: inField && input.selectionStart === input.value.length,
  };
}

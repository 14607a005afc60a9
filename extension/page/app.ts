import { attributesModule, classModule, eventListenersModule, init, propsModule, styleModule, type VNode } from "snabbdom";
import { toErrorShape } from "../../shared/errors.ts";
import { pageKey, type PageKeyPress } from "../core/page/pageKey.ts";
import type { PageEffect, PageEvent, PageModel } from "../core/page/pageModel.ts";
import { choiceOf, firstStep, pageUpdate } from "../core/page/pageUpdate.ts";
import { text } from "../ui/text.ts";
import type { Background } from "./background.ts";
import { pageView } from "./views/pageView.ts";

export interface AppOptions {
  root: Element;
  address: { id: string } | { link: string };
  /** The tab has a page to go back to. */
  keep: boolean;
  background: Background;
  /** Opens the options page at its rules. */
  openRules: () => void;
}

export interface App {
  send: (event: PageEvent) => void;
  /** Which question is shown; empty while there is none. */
  question: () => string;
}

/** Asks for the question, and from then on turns events into models, drawings and calls. */
export function startApp(options: AppOptions): App {
  const patch = init([attributesModule, classModule, propsModule, styleModule, eventListenersModule]);
  const [first, effects] = firstStep(options.address, options.keep, performance.now());
  let model: PageModel = first;
  let drawn: VNode | Element = options.root;

  draw();
  document.addEventListener("keydown", keyDown);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) send({ kind: "seen", at: performance.now() });
  });
  for (const effect of effects) perform(effect);
  return { send, question: () => model.id };

  function send(event: PageEvent): void {
    const before = model;
    const [next, effects] = pageUpdate(model, event);
    model = next;
    if (model !== before) draw();
    for (const effect of effects) perform(effect);
  }

  function draw(): void {
    drawn = patch(drawn, pageView(model, send));
    // The history keeps a page's title: nothing of the question in it.
    document.title = choiceOf(model) === undefined ? text("extName") : `${text("pageChooseTitle")} – ${text("extName")}`;
  }

  function perform(effect: PageEffect): void {
    switch (effect.kind) {
      case "call":
        options.background.perform(effect.call).then(
          (result) => send({ kind: "answered", call: effect.call, result }),
          (error: unknown) => send({ kind: "failed", call: effect.call, error: toErrorShape(error) }),
        );
        return;
      case "focus":
        focus(effect.target);
        return;
      case "name":
        history.replaceState(null, "", `?id=${effect.id}${options.keep ? "&keep" : ""}`);
        return;
      case "rules":
        options.openRules();
        return;
      case "goBack":
        history.back();
    }
  }

  function keyDown(event: KeyboardEvent): void {
    // Held down, Enter would press the button that the page begins with.
    if (event.key === "Enter" && event.repeat) {
      event.preventDefault();
      return;
    }
    const intent = pageKey(pressOf(event));
    if (!intent || (intent.kind === "find" && selectorOf("field") === null)) return;
    event.preventDefault();
    send({ kind: "intent", intent, at: performance.now() });
  }
}

/** What has the focus so: the field, the chosen answer, or where the page begins. */
function focus(target: Extract<PageEffect, { kind: "focus" }>["target"]): void {
  const element = selectorOf(target) ?? selectorOf("begin");
  if (element === document.activeElement) return;
  element?.focus();
  element?.closest("label")?.scrollIntoView({ block: "nearest" });
}

function selectorOf(target: Extract<PageEffect, { kind: "focus" }>["target"]): HTMLElement | null {
  return document.querySelector<HTMLElement>({ field: "#field", chosen: "input[name=project]:checked", begin: "[data-begin]" }[target]);
}

function pressOf(event: KeyboardEvent): PageKeyPress {
  const { target } = event;
  return {
    key: event.key,
    code: event.code,
    ctrl: event.ctrlKey,
    meta: event.metaKey,
    shift: event.shiftKey,
    alt: event.altKey,
    repeat: event.repeat,
    composing: event.isComposing,
    focus: target instanceof HTMLButtonElement ? "button" : target instanceof HTMLInputElement && target.id === "field" ? "field" : "other",
  };
}

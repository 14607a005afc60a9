import { attributesModule, classModule, eventListenersModule, init, propsModule, styleModule, type VNode } from "snabbdom";
import { toErrorShape } from "../../shared/errors.ts";
import { call, firstModel, type OptionsEffect, type OptionsEvent, type OptionsModel } from "../core/options/optionsModel.ts";
import { optionsUpdate } from "../core/options/optionsUpdate.ts";
import { placeOf } from "../core/options/section.ts";
import { background } from "./background.ts";
import type { Edges } from "./edges.ts";
import { perform } from "./perform.ts";
import { optionsView } from "./views/optionsView.ts";

/** How long typing has to rest before it is saved, in milliseconds. */
const restMs = 700;

/** Draws the page at once, asks for state and rules, and from then on turns events into models, drawings and calls. */
export function startApp(root: Element, edges: Edges): (event: OptionsEvent) => void {
  const patch = init([attributesModule, classModule, propsModule, styleModule, eventListenersModule]);
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const peer = background({
    connect: edges.connect,
    version: edges.version,
    changed: (state) => send({ to: "page", kind: "changed", state }),
    rulesChanged: (change) => send({ to: "page", kind: "rulesChanged", change }),
    lost: (error) => send({ to: "page", kind: "lost", error }),
  });
  let model: OptionsModel = firstModel;
  let drawn: VNode | Element = root;
  let busy = false;
  const waiting: OptionsEvent[] = [];

  send({ to: "page", kind: "go", place: placeOf(location.hash) });
  window.addEventListener("hashchange", () => send({ to: "page", kind: "go", place: placeOf(location.hash) }));
  for (const kind of ["state", "rules", "shortcuts"] as const) act(call({ kind }));
  return send;

  /** Drawing may itself raise events: a field that goes loses its focus. They come after it. */
  function send(event: OptionsEvent): void {
    waiting.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) take(next);
    } finally {
      busy = false;
    }
  }

  function take(event: OptionsEvent): void {
    const [next, effects] = optionsUpdate(model, event);
    if (next !== model || drawn === root) {
      model = next;
      drawn = patch(drawn, optionsView(model, { mac: edges.mac }, send));
    }
    for (const effect of effects) act(effect);
  }

  function act(effect: OptionsEffect): void {
    switch (effect.kind) {
      case "call":
        perform(peer, effect.call).then(
          (answer) => send({ to: "page", kind: "answered", answer }),
          (error: unknown) => send({ to: "page", kind: "failed", call: effect.call, error: toErrorShape(error) }),
        );
        return;
      case "focus":
        focus(document.getElementById(effect.id), effect.select === true);
        return;
      case "focusCell":
        focusCell();
        return;
      case "scrollToTop":
        document.getElementById("rule-rows")?.scrollTo({ top: 0 });
        return;
      case "copy":
        // Without the permission to write, the command can still be selected and copied by hand.
        navigator.clipboard.writeText(effect.text).catch(() => undefined);
        return;
      case "later": {
        const key = `${effect.event.to} ${effect.event.kind}`;
        clearTimeout(timers.get(key));
        timers.set(key, setTimeout(() => send(effect.event), restMs));
        return;
      }
      case "grant":
        edges.grant().catch((error: unknown) => send({ to: "page", kind: "lost", error: toErrorShape(error) }));
        return;
      case "openFirstRun":
        edges.openFirstRun();
        return;
      case "openShortcutSettings":
        edges.openShortcutSettings().catch((error: unknown) => send({ to: "page", kind: "lost", error: toErrorShape(error) }));
        return;
      case "download":
        download(effect);
        return;
    }
  }
}

function focus(element: HTMLElement | null, select: boolean): void {
  if (!element) return;
  if (element !== document.activeElement) element.focus();
  if (select && element instanceof HTMLInputElement) element.select();
}

/** The active cell's widget where it has one; else the cell. Its row is drawn, however far away it stands. */
function focusCell(): void {
  const cell = document.querySelector("#rules-grid [data-active]");
  if (!(cell instanceof HTMLElement)) return;
  cell.scrollIntoView({ block: "nearest" });
  cell.focus({ preventScroll: true });
}

function download({ name, type, text }: Extract<OptionsEffect, { kind: "download" }>): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; without this the file would stay in memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

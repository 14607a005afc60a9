import { toErrorShape } from "../../shared/errors.ts";
import { call, firstModel, type OptionsEffect, type OptionsEvent, type OptionsModel } from "../core/options/optionsModel.ts";
import { optionsUpdate } from "../core/options/optionsUpdate.ts";
import { placeOf } from "../core/options/section.ts";
import { copyText, focusOn, runPage } from "../ui/runPage.ts";
import { background } from "./background.ts";
import type { Edges } from "./edges.ts";
import { perform } from "./perform.ts";
import { optionsView } from "./views/optionsView.ts";

/** How long typing has to rest before it is saved, in milliseconds. */
const restMs = 700;

/** The options page: draws it, asks for state, rules and shortcuts, and follows the address. */
export function startApp(root: Element, edges: Edges): (event: OptionsEvent) => void {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const peer = background({
    connect: edges.connect,
    version: edges.version,
    changed: (state) => send({ to: "page", kind: "changed", state }),
    rulesChanged: (change) => send({ to: "page", kind: "rulesChanged", change }),
    lost: (error) => send({ to: "page", kind: "lost", error }),
  });
  const send: (event: OptionsEvent) => void = runPage<OptionsModel, OptionsEvent, OptionsEffect>(root, {
    first: firstModel,
    update: optionsUpdate,
    view: (model, send) => optionsView(model, { mac: edges.mac }, send),
    act,
  });

  const follow = () => send({ to: "page", kind: "go", place: placeOf(location.hash) });
  window.addEventListener("hashchange", follow);
  follow();
  for (const kind of ["state", "rules", "shortcuts"] as const) act(call({ kind }));
  return send;

  function act(effect: OptionsEffect): void {
    const failed = (error: unknown) => send({ to: "page", kind: "lost", error: toErrorShape(error) });
    switch (effect.kind) {
      case "call":
        perform(peer, effect.call).then(
          (answer) => send({ to: "page", kind: "answered", answer }),
          (error: unknown) => send({ to: "page", kind: "failed", call: effect.call, error: toErrorShape(error) }),
        );
        return;
      case "focus":
        focusOn(effect.id, effect.select);
        return;
      case "focusCell":
        focusCell();
        return;
      case "scrollToTop":
        document.getElementById("rule-rows")?.scrollTo({ top: 0 });
        return;
      case "copy":
        copyText(effect.text);
        return;
      case "later": {
        const key = `${effect.event.to} ${effect.event.kind}`;
        clearTimeout(timers.get(key));
        timers.set(key, setTimeout(() => send(effect.event), restMs));
        return;
      }
      case "grant":
        edges.grant().catch(failed);
        return;
      case "openFirstRun":
        edges.openFirstRun();
        return;
      case "openShortcutSettings":
        edges.openShortcutSettings().catch(failed);
        return;
      case "download":
        download(effect);
    }
  }
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

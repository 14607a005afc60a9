import { toErrorShape } from "../../shared/errors.ts";
import type { Channel } from "../../shared/wire/channel.ts";
import { firstRun, type FirstRunEffect, type FirstRunEvent, type FirstRunModel } from "../core/firstRun/firstRunModel.ts";
import { firstRunUpdate } from "../core/firstRun/firstRunUpdate.ts";
import { background } from "../options/background.ts";
import { perform } from "../options/perform.ts";
import { copyText, focusOn, runPage } from "../ui/runPage.ts";
import { firstRunView } from "./views/firstRunView.ts";

/** What the first-run page needs of the browser around it. */
export interface Edges {
  connect: () => Channel;
  version: string;
  /** Addresses of the open tabs, the latest used first. */
  tabs: () => Promise<string[]>;
  close: () => void;
}

export function startApp(root: Element, edges: Edges): (event: FirstRunEvent) => void {
  const peer = background({
    connect: edges.connect,
    version: edges.version,
    changed: (state) => send({ kind: "changed", state }),
    rulesChanged: (change) => send({ kind: "rulesChanged", change }),
    lost: (error) => send({ kind: "lost", error }),
  });
  const send: (event: FirstRunEvent) => void = runPage<FirstRunModel, FirstRunEvent, FirstRunEffect>(root, {
    first: firstRun,
    update: firstRunUpdate,
    view: firstRunView,
    act,
  });
  for (const kind of ["state", "rules"] as const) act({ kind: "call", call: { kind } });
  // Without the addresses there is nothing to suggest, and nothing amiss.
  edges.tabs().then((urls) => send({ kind: "tabs", urls }), () => undefined);
  focusOn("first-name");
  return send;

  function act(effect: FirstRunEffect): void {
    switch (effect.kind) {
      case "call":
        perform(peer, effect.call).then(
          (answer) => send({ kind: "answered", answer }),
          (error: unknown) => send({ kind: "failed", call: effect.call, error: toErrorShape(error) }),
        );
        return;
      case "focus":
        focusOn(effect.id);
        return;
      case "copy":
        copyText(effect.text);
        return;
      case "close":
        edges.close();
    }
  }
}

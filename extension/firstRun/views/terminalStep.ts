import { h, type VNode } from "snabbdom";
import type { FirstRunModel } from "../../core/firstRun/firstRunModel.ts";
import { hostDetails } from "../../ui/hostDetails.ts";
import { button, command } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import type { Send } from "./firstRunView.ts";
import { step } from "./step.ts";

/** The terminal's side: what the host's state is right now, and what to run. */
export function terminalStep({ state, retrying }: FirstRunModel, send: Send): VNode {
  const copy = (line: string) => send({ kind: "copy", text: line });
  const connected = state?.host.kind === "connected";
  return step(3, text("firstRunTerminal"), connected ? "done" : state?.host.kind === "missing" ? "now" : "later", [
    h("p.hint", text("firstRunTerminalHint")),
    ...(state ? hostDetails(state.host, copy) : []),
    connected ? command("stead status", copy, text("firstRunStatus")) : undefined,
    state && !connected ? h("div.after", [h("p.hint", text("firstRunNoHost")), button(".quiet", text("retry"), () => send({ kind: "retry" }), { "aria-busy": String(retrying) })]) : undefined,
  ]);
}

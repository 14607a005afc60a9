import { h, type VNode } from "snabbdom";
import type { KeySourceKind } from "../../../shared/models.ts";
import type { OptionsState } from "../../../shared/protocol/options.ts";
import type { HostState } from "../../../shared/protocol/popup.ts";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { hostDetails } from "../../ui/hostDetails.ts";
import { button, command } from "../../ui/parts.ts";
import { counted, text } from "../../ui/text.ts";
import { card, type Send } from "./parts.ts";

export function hostsSection(model: OptionsModel, send: Send): VNode {
  const { state } = model;
  return h("div.section", { key: "hosts" }, state ? [hostCard(state.host, model.retrying, send), vaultCard(state.host, send), sentCard(state), accessCard(state, send), beginCard(send)] : []);
}

function hostCard(host: HostState, retrying: boolean, send: Send): VNode {
  const retry = button(".quiet", text("retry"), () => send({ to: "page", kind: "retry" }), { "aria-busy": String(retrying) });
  return card("host", text("optionsHost"), [
    h("p.hint", text("optionsHostHint")),
    ...hostDetails(host, (line) => send({ to: "page", kind: "copy", text: line })),
    host.kind === "connected" ? undefined : h("div.after", [retry]),
  ]);
}

const custody: Readonly<Record<KeySourceKind, readonly [name: string, protects: string]>> = {
  keychain: ["optionsKeychain", "optionsKeychainProtects"],
  passphrase: ["optionsPassphrase", "optionsPassphraseProtects"],
  file: ["optionsKeyFile", "optionsKeyFileProtects"],
};

function vaultCard(host: HostState, send: Send): VNode {
  if (host.kind !== "connected") return card("vault", text("optionsVault"), [h("p.hint", text("optionsVaultUnknown"))]);
  const { state, source } = host.vault;
  const [name, protects] = custody[source];
  return card("vault", text("optionsVault"), [
    h("div.status-line", { attrs: { role: "status" } }, [
      h(`span.lamp${state === "unlocked" ? ".on" : ""}`, { attrs: { "aria-hidden": "true" } }),
      h("strong", text(state === "unlocked" ? "optionsVaultOpen" : "hostLockedTitle")),
    ]),
    ...(state === "locked" ? [h("p", text("hostLockedText")), command("stead unlock", (line) => send({ to: "page", kind: "copy", text: line }))] : []),
    h("dl.facts", [h("dt", text("optionsKeySource")), h("dd", [text(name), h("p.hint", text(protects))])]),
    h("p.hint", text("optionsHonesty")),
  ]);
}

function sentCard({ unsent, host }: OptionsState): VNode {
  const waiting = unsent === 0 ? text(host.kind === "connected" ? "optionsAllSent" : "optionsNothingWaits") : counted("optionsUnsent", unsent);
  return card("unsent", text("optionsSent"), [h("p", waiting)]);
}

function accessCard({ access }: OptionsState, send: Send): VNode {
  return card("access", text("optionsAccess"), [
    access === false
      ? h("div.status-line", [h("span.lamp.bad", { attrs: { "aria-hidden": "true" } }), h("strong", text("accessTitle"))])
      : h("div.status-line", [h("span.lamp.on", { attrs: { "aria-hidden": "true" } }), h("strong", text("optionsAccessGiven"))]),
    access === false ? h("p", text("accessText")) : undefined,
    access === false ? h("div.after", [button(".primary", text("accessGrant"), () => send({ to: "page", kind: "grant" }))]) : undefined,
  ]);
}

function beginCard(send: Send): VNode {
  return card("begin", text("optionsFirstSteps"), [
    h("p.hint", text("optionsFirstStepsHint")),
    h("div.after", [button(".quiet", text("optionsOpenFirstRun"), () => send({ to: "page", kind: "firstRun" }))]),
  ]);
}

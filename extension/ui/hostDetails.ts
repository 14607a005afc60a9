import { h, type VNode } from "snabbdom";
import type { HostState } from "../../shared/protocol/popup.ts";
import { command, named } from "./parts.ts";
import { text } from "./text.ts";

const states: Readonly<Record<HostState["kind"], readonly [lamp: string, message: string]>> = {
  connected: [".on", "optionsHostConnected"],
  connecting: [".waiting", "hostConnecting"],
  missing: ["", "hostMissingTitle"],
  failed: [".bad", "hostFailed"],
};

/** How things stand with the native host, spoken when it changes, and what to do where something is to be done. */
export function hostDetails(host: HostState, copy: (line: string) => void): VNode[] {
  const [lamp, message] = states[host.kind];
  return [
    h("div.status-line", { attrs: { role: "status" } }, [h(`span.lamp${lamp}`, { attrs: { "aria-hidden": "true" } }), h("strong", text(message))]),
    ...more(host, copy),
  ];
}

function more(host: HostState, copy: (line: string) => void): VNode[] {
  switch (host.kind) {
    case "connected":
      return [h("dl.facts", [h("dt", text("optionsInstance")), h("dd", [h("bdi", host.instance)])])];
    case "connecting":
      return [];
    case "missing":
      return [
        h("p", text("optionsInstallText")),
        command("stead install", copy, text("hostInstall")),
        command("stead doctor", copy, text("hostDoctor")),
        ...(host.detail === "" ? [] : [h("p.detail.muted", named("hostDetail", host.detail))]),
      ];
    case "failed":
      return [h("p", { attrs: { lang: "en" } }, `${host.message} ${host.hint}`)];
  }
}

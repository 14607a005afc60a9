import { h, type VNode } from "snabbdom";
import type { Fault } from "../core/options/optionsModel.ts";
import { text } from "./text.ts";

/** Why a text was refused; `id` is what its field names in aria-describedby. The region is always there: what comes into it is spoken. */
export function faultView(id: string, fault: Fault | undefined): VNode {
  return h("div.fault-region", { attrs: { id, role: "alert" } }, fault && [h("p.fault", faultWords(fault))]);
}

export function faultWords(fault: Fault): (string | VNode)[] {
  if (fault.kind === "text") return [fault.value === undefined ? text(fault.name) : text(fault.name, fault.value)];
  // Errors are in English, as on the command line.
  return [h("span", { attrs: { lang: "en" } }, `${fault.error.message} ${fault.error.hint}`)];
}

/** The attributes of a field that may have been refused. */
export function invalid(id: string, fault: Fault | undefined): Record<string, string> {
  return { "aria-invalid": String(fault !== undefined), ...(fault && { "aria-describedby": id }) };
}

/** What was typed into the field of an input event. */
export function typedIn(event: Event): string {
  const { target } = event;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.value : "";
}

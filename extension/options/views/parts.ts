import { h, type VNode, type VNodeChildren } from "snabbdom";
import type { ProjectId } from "../../../shared/models.ts";
import type { Fault, OptionsEvent } from "../../core/options/optionsModel.ts";
import { text } from "../../ui/text.ts";

export type Send = (event: OptionsEvent) => void;

/** A box with a title that a screen reader can jump to. */
export function card(id: string, title: string, children: VNodeChildren): VNode {
  return h("section.card", { key: id, attrs: { "aria-labelledby": `${id}-title` } }, [
    h("h2", { attrs: { id: `${id}-title` } }, title),
    ...(Array.isArray(children) ? children : [children]),
  ]);
}

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

export function projectSelect(
  attrs: Record<string, string>,
  projects: readonly { id: ProjectId; name: string }[],
  chosen: ProjectId | undefined,
  choose: (id: ProjectId) => void,
): VNode {
  return h(
    "select",
    {
      attrs,
      props: { value: chosen ?? "" },
      on: {
        change: (event) => {
          if (event.target instanceof HTMLSelectElement) choose(event.target.value);
        },
      },
    },
    projects.map(({ id, name }) => h("option", { key: id, attrs: { value: id }, props: { selected: id === chosen } }, name)),
  );
}

/** What was typed into the field of an input event. */
export function typedIn(event: Event): string {
  const { target } = event;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.value : "";
}

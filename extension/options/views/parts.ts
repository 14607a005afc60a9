import { h, type VNode, type VNodeChildren } from "snabbdom";
import type { ProjectId } from "../../../shared/models.ts";
import type { OptionsEvent } from "../../core/options/optionsModel.ts";

export type Send = (event: OptionsEvent) => void;

/** A box with a title that a screen reader can jump to. */
export function card(id: string, title: string, children: VNodeChildren): VNode {
  return h("section.card", { key: id, attrs: { "aria-labelledby": `${id}-title` } }, [
    h("h2", { attrs: { id: `${id}-title` } }, title),
    ...(Array.isArray(children) ? children : [children]),
  ]);
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

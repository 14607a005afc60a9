import { h, type VNode } from "snabbdom";
import type { PopupProject } from "../../../shared/protocol/popup.ts";
import type { Match } from "../../core/popupMatch.ts";
import type { Row } from "../../core/popupRows.ts";
import { counted, localized, text } from "../../ui/text.ts";
import { containerGlyph, glyph } from "../../ui/glyphs.ts";
import { disc, discColors, named } from "../../ui/parts.ts";

export function rowElementId(id: Row["id"]): string {
  return `row-${id}`;
}

/**
 * A project's line. `leased` says who has it. What is in an option is not reachable by itself (WAI-ARIA: its children are presentational), so the
 * pencil is for the pointer only; the buttons below the list do the same.
 */
export function projectRow(project: PopupProject, ranges: Match["ranges"], active: boolean, current: boolean, bound: boolean, leased: string | undefined): VNode {
  return h(
    "li.row",
    {
      class: { active, current },
      attrs: {
        id: rowElementId(project.id),
        role: "option",
        "aria-selected": String(active),
        "data-row": project.id,
        ...(current && { "aria-current": "true" }),
      },
    },
    [
      h("span.unseen", rowLabel(project, current, bound, leased)),
      h("span.line", { attrs: { "aria-hidden": "true" } }, [
        disc(project.name, project.color),
        h("span.name", { attrs: { title: project.name } }, [h("bdi", marked(project.name, ranges))]),
        project.lease ? h("span.lease", { attrs: { "data-lease": project.id, title: leased ?? "" } }, [glyph("key"), h("bdi", project.lease.holder)]) : undefined,
        bound ? h("span.sign", [glyph("pin")]) : undefined,
        current ? h("span.chip", text("current")) : undefined,
        h("span.sign", [containerGlyph(project.icon)]),
        h("span.tabs", localized(project.tabs)),
        h("span.pencil", { attrs: { "data-edit": project.id, title: text("editNamed", project.name) } }, [glyph("pencil")]),
      ]),
    ],
  );
}

export function createRow(name: string, color: PopupProject["color"], active: boolean): VNode {
  return h(
    "li.row.create",
    {
      class: { active },
      attrs: { id: rowElementId("create"), role: "option", "aria-selected": String(active), "data-row": "create" },
    },
    [
      h("span.line", [
        h("span.disc", { attrs: { "aria-hidden": "true" }, style: discColors(color) }, [glyph("add")]),
        h("span.name", named("create", name)),
      ]),
    ],
  );
}

function rowLabel(project: PopupProject, current: boolean, bound: boolean, leased: string | undefined): string {
  const parts = [project.name, current && text("current"), bound && text("boundHere"), leased, counted("tabs", project.tabs)];
  return parts.filter((part) => part !== false && part !== undefined).join(", ");
}

function marked(name: string, ranges: Match["ranges"]): (string | VNode)[] {
  const parts: (string | VNode)[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    if (start > at) parts.push(name.slice(at, start));
    parts.push(h("mark", name.slice(start, end)));
    at = end;
  }
  if (at < name.length) parts.push(name.slice(at));
  return parts;
}

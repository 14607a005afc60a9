import { h, type VNode } from "snabbdom";
import type { PopupModel } from "../../core/popupModel.ts";
import { activeRow } from "../../core/popupUpdate.ts";
import { glyph } from "../../ui/glyphs.ts";
import { counted, text } from "../../ui/text.ts";
import { leaseWords } from "./leaseWords.ts";
import type { Send } from "./parts.ts";

/** Who has the highlighted project, with the way to take it back. Its height is there as long as any project is checked out. */
export function leaseStrip(model: PopupModel, now: number, send: Send): VNode | undefined {
  const leased = model.state?.projects.filter(({ lease }) => lease) ?? [];
  if (leased.length === 0) return undefined;
  const row = activeRow(model);
  const project = row?.kind === "project" ? row.project : undefined;
  const lease = project?.lease;
  if (!lease) return h("section.lease-strip", { key: "lease", attrs: { "aria-label": text("leases") } }, [h("p", counted("leased", leased.length))]);
  return h("section.lease-strip", { key: "lease", attrs: { "aria-label": text("leases") } }, [
    glyph("key"),
    h("p", { attrs: { title: leaseWords(lease, now) } }, leaseWords(lease, now)),
    h(
      "button.page-action",
      { attrs: { type: "button", "aria-keyshortcuts": "F8" }, on: { click: () => send({ kind: "askTakeBack", row: project.id }) } },
      [h("span.label", text("takeBackEllipsis")), h("span.keys", { attrs: { "aria-hidden": "true" } }, [h("kbd", "F8")])],
    ),
  ]);
}

import { h, type VNode } from "snabbdom";
import { glyph } from "../../ui/glyphs.ts";

/** In the place of a project's colour and letter, where there is no project. */
export function noDisc(): VNode {
  return h("span.disc.none", { attrs: { "aria-hidden": "true" } }, [glyph("close")]);
}

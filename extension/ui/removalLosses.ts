import { h, type VNode } from "snabbdom";
import type { PopupProject } from "../../shared/protocol/popup.ts";
import { glyph } from "./glyphs.ts";
import { counted, text } from "./text.ts";

/** What goes with a project when it is removed, and what stays, as the items of a list. */
export function removalLosses({ items, rules, tabs, adopted }: PopupProject): VNode[] {
  const goes = (line: string) => h("li.goes", [glyph("close"), h("span", line)]);
  return [
    goes(items === null ? text("removeItemsUnknown") : counted("removeItems", items)),
    goes(rules === null ? text("removeRulesUnknown") : counted("removeRules", rules)),
    goes(text("removeKey")),
    adopted === true
      ? h("li.stays", [glyph("check"), h("span", text("removeAdopted"))])
      : goes(tabs === 0 ? text("removeTabsNone") : counted("removeTabs", tabs)),
  ];
}

import { h, type VNode } from "snabbdom";
import type { ShownAddress } from "../../core/page/shownAddress.ts";
import { text } from "../../ui/text.ts";

/** An address with its host set apart. */
export function addressView({ scheme, host, path, query }: ShownAddress): VNode {
  return h("p.address", { attrs: { dir: "ltr", translate: "no" } }, [
    h("span.unseen", `${text("pageAddress")} `),
    scheme,
    h("strong", host),
    path,
    h("span.query", query),
  ]);
}

import { h, type VNode } from "snabbdom";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import type { Send } from "./parts.ts";

export function transferSection(model: OptionsModel, send: Send): VNode {
  void model;
  void send;
  return h("div.section", { key: "transfer" });
}

import type { OptionsModel, Step } from "./optionsModel.ts";
import type { TransferEvent } from "./transferModel.ts";

export function transferUpdate(model: OptionsModel, event: TransferEvent): Step {
  void event;
  return [model, []];
}

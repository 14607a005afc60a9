import type { Fault } from "./optionsModel.ts";

export interface TransferModel {
  fault: Fault | undefined;
}

export const firstTransfer: TransferModel = { fault: undefined };

export type TransferEvent = { to: "transfer"; kind: "export" };

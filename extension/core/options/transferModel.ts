import type { Fault } from "./optionsModel.ts";

export interface TransferModel {
  /** A file that was read and not yet taken over. */
  file: { name: string; text: string } | undefined;
  busy: boolean;
  fault: Fault | undefined;
  /** A file is being dragged over the page. */
  dragging: boolean;
  done: { projects: number; rules: number } | undefined;
}

export const firstTransfer: TransferModel = { file: undefined, busy: false, fault: undefined, dragging: false, done: undefined };

export type TransferEvent =
  | { to: "transfer"; kind: "export" }
  | { to: "transfer"; kind: "exportRules" }
  | { to: "transfer"; kind: "read"; name: string; text: string }
  | { to: "transfer"; kind: "unreadable"; name: string }
  | { to: "transfer"; kind: "dragging"; over: boolean }
  | { to: "transfer"; kind: "cancel" }
  | { to: "transfer"; kind: "import" };

import type { Notice } from "../../shared/protocol/popup.ts";

/** Tells what a person should see and has no page: a mark on the toolbar button, a line in the popup, a notification. */
export class Notices {
  show(tab: number, notice: Notice): void {
    throw new Error(`not yet ${tab} ${notice.kind}`);
  }
}

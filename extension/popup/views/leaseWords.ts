import type { ProjectLease } from "../../../shared/protocol/store.ts";
import { shownTime } from "../../core/shownTime.ts";
import { text } from "../../ui/text.ts";

/** Who has a project, and until when; `now` in milliseconds since 1970. */
export function leaseWords({ holder, expiresAt }: ProjectLease, now: number): string {
  return text("leasedTo", holder, shownTime(expiresAt, now, text("localeTag")));
}

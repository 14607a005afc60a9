import { parseDuration } from "./duration.ts";

/** A time such as `2030-01-31T09:00`, of this machine's zone unless it names one, or how long before `now`, such as `10m`; milliseconds since 1970. */
export function parseMoment(text: string, now: number): number | undefined {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

import type { Tally } from "../../shared/models.ts";

/** Lines for stderr about what was counted. */
export function leftOut({ reason, count }: Tally): string {
  return `Left out: ${reason} (${count})`;
}

export function repairedNote({ reason, count }: Tally): string {
  return `Repaired: ${reason} (${count})`;
}

/** `1 cookie`, `2 cookies`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

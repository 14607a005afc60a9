import { SteadError } from "../../shared/errors.ts";

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `10m`, `24h`, `7d` in milliseconds. `what` names the option in the error. Throws `usage`. */
export function readDuration(text: string, what: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new SteadError("usage", `${what} expects a time such as 90s, 10m, 24h or 7d; ${JSON.stringify(text)} is none.`);
}

export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  const factor = unit === "s" ? units.s : unit === "m" ? units.m : unit === "h" ? units.h : units.d;
  return Number(count) * factor;
}

/** Seconds as people and readDuration() write them, in the largest unit that divides them. */
export function formatDuration(seconds: number): string {
  const milliseconds = seconds * 1000;
  const unit = (["d", "h", "m"] as const).find((one) => milliseconds >= units[one] && milliseconds % units[one] === 0) ?? "s";
  return `${milliseconds / units[unit]}${unit}`;
}

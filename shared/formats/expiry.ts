/** The last second of the year 9999: Playwright takes nothing later. Seconds since 1970. */
export const lastExpiry = 253_402_300_799;

export const expiryReasons = {
  milliseconds: "an expiry in milliseconds was read as seconds",
  microseconds: "an expiry in microseconds was read as seconds",
  tooLate: "an expiry after the year 9999 was brought back to it",
} as const;

/** A positive expiry as seconds within what every format holds, and what had to be done for it. */
export function repairExpiry(expires: number): { expires: number; repaired?: string } {
  if (expires <= lastExpiry) return { expires };
  if (expires / 1000 <= lastExpiry) return { expires: expires / 1000, repaired: expiryReasons.milliseconds };
  if (expires / 1_000_000 <= lastExpiry) return { expires: expires / 1_000_000, repaired: expiryReasons.microseconds };
  return { expires: lastExpiry, repaired: expiryReasons.tooLate };
}

import { SteadError } from "../errors.ts";

/** A refused pattern. Neither text may hold a query or a password: people paste whole addresses. */
export function badPattern(message: string, hint?: string): SteadError {
  return new SteadError("badPattern", message, hint === undefined ? {} : { hint });
}

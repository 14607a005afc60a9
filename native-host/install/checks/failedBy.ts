import { SteadError } from "../../../shared/errors.ts";
import { type Check, failed } from "./check.ts";

/** A known error as a failed check; anything else is thrown on. */
export function failedBy(name: string, error: unknown): Check {
  if (!(error instanceof SteadError)) throw error;
  return failed(name, error.message, error.hint);
}

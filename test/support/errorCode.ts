import { SteadError } from "../../shared/errors.ts";

/** The code of the SteadError that `work` throws or rejects with; "none" when it does not, and what else it throws as it is. */
export async function errorCode(work: () => unknown): Promise<string> {
  try {
    await work();
    return "none";
  } catch (error) {
    if (error instanceof SteadError) return error.code;
    throw error;
  }
}

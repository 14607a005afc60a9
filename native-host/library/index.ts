import { Handle } from "./handle.ts";
import type { Stead } from "./types.ts";

export { type ErrorCode, SteadError } from "../../shared/errors.ts";
export type * from "./types.ts";

/** The store of this process's environment, opened at the first call. */
export const stead: Stead = new Handle({});

import * as z from "zod/mini";
import type { Home } from "../home.ts";

/** A Home as it travels to the keeper. */
export const HomePaths: z.ZodMiniType<Home> = z.object({
  data: z.string(),
  run: z.string(),
  store: z.string(),
  keyFile: z.string(),
  token: z.string(),
  wrapper: z.string(),
});

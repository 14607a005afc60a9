import { SteadError } from "../../shared/errors.ts";
import type { Context } from "./context.ts";

/**
 * The token of a lease: what `--token` says, the first line of stdin for `-`, else the variable STEAD_TOKEN, so that it need not
 * be among the arguments, which other users of the machine can see. Throws `usage`.
 */
export async function leaseToken(context: Context, given: string | undefined): Promise<string> {
  const text = given === "-" ? (await context.readStdin()).toString("utf8").split("\n")[0] : (given ?? context.env["STEAD_TOKEN"]);
  const token = text?.trim();
  if (token !== undefined && token !== "") return token;
  throw new SteadError("usage", "The token of the lease was expected, and none was given.", {
    hint: "Set STEAD_TOKEN, or name it with --token; --token - reads it from stdin.",
  });
}

import { stat } from "node:fs/promises";
import type { InstallEnvironment } from "../environment.ts";
import { readText } from "../readText.ts";
import { wrapperText } from "../wrapper.ts";
import { type Check, failed, passed } from "./check.ts";

/** The wrapper is there, only this user can change it, and it is what install would write now. */
export async function checkWrapper(environment: InstallEnvironment): Promise<Check> {
  const path = environment.home.wrapper;
  const text = await readText(path);
  const again = "Run stead install.";
  if (text === undefined) return failed("wrapper", `${path} is missing.`, again);
  if (environment.platform !== "win32") {
    const { mode } = await stat(path);
    if ((mode & 0o100) === 0) return failed("wrapper", `${path} is not executable (mode ${(mode & 0o777).toString(8)}).`, again);
    if ((mode & 0o022) !== 0) return failed("wrapper", `${path} can be changed by other users (mode ${(mode & 0o777).toString(8)}).`, again);
  }
  if (text !== wrapperText(environment)) {
    return failed("wrapper", `${path} was written for another Node, another copy of Stead or other settings than these.`, again);
  }
  return passed("wrapper", path);
}

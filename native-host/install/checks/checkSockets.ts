import { checkPrivateDirectory, codeOf } from "../../host/privateFiles.ts";
import type { InstallEnvironment } from "../environment.ts";
import { type Check, passed } from "./check.ts";
import { failedBy } from "./failedBy.ts";

/** Nobody else can reach the directory in which hosts announce their sockets. */
export async function checkSockets({ home }: InstallEnvironment): Promise<Check> {
  try {
    await checkPrivateDirectory(home.run);
    return passed("sockets", home.run);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return passed("sockets", `${home.run} is made with the first connection`);
    return failedBy("sockets", error);
  }
}

import { type Check, failed, passed } from "./check.ts";

/** The oldest Node this package runs on (engines in package.json). */
const oldest = [20, 19] as const;

/** `version` as process.versions.node has it. */
export function checkNode(version: string, path: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  if (enough) return passed("node", `Node ${version} at ${path}`);
  return failed("node", `Node ${version} at ${path} is older than ${oldest.join(".")}.`, `Install Node ${oldest.join(".")} or later, then run stead install.`);
}

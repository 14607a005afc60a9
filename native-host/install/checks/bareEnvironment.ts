import type { InstallEnvironment } from "../environment.ts";

/** What a desktop menu gives a program at the least. Windows starts nothing without SystemRoot. */
export function bareEnvironment({ platform, env }: InstallEnvironment): NodeJS.ProcessEnv {
  if (platform !== "win32") return { PATH: "/usr/bin:/bin" };
  return { PATH: env["PATH"], SystemRoot: env["SystemRoot"], USERPROFILE: env["USERPROFILE"], LOCALAPPDATA: env["LOCALAPPDATA"] };
}

import { script } from "@bomb.sh/tab";
import { captureConsole } from "../captureConsole.ts";
import type { Answer } from "../context.ts";

/** `stead completion`: the script calls `stead complete` at each press of the tab key. `shell` is one the library knows. */
export async function completion(shell: string): Promise<Answer> {
  const text = await captureConsole(() => script(shell, "stead", "stead"));
  return { json: { shell, script: text }, text };
}

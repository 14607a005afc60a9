import { readFile } from "node:fs/promises";

/** The file's text; undefined where there is none. Every other failure throws as it is. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  });
}

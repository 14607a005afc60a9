import { SteadError } from "../../shared/errors.ts";
import { decodeText, documentLimit, readDocument } from "../files.ts";
import type { Context } from "./context.ts";

/** The text of a file, or of stdin for `-`. Throws `fileUnreadable`, `fileFormat`, `tooLarge`. */
export async function readTextFile(context: Context, file: string): Promise<string> {
  const bytes = file === "-" ? await context.readStdin() : await readDocument(file);
  const what = file === "-" ? "The document on stdin" : file;
  if (bytes.length > documentLimit) throw new SteadError("tooLarge", `${what} is over the limit of ${documentLimit} bytes.`);
  if (bytes.length === 0) throw new SteadError("fileFormat", `${what} is empty.`);
  return decodeText(bytes, what);
}

import { SteadError } from "../../shared/errors.ts";

export const mebibyte = 1024 * 1024;

/** What `--max-size` names, a number of MiB, in bytes. Throws `usage`. */
export function readSize(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text) * mebibyte;
  throw new SteadError("usage", `--max-size expects a number of MiB such as 64; ${JSON.stringify(text)} is none.`);
}

import { withoutMark } from "../formats/refusal.ts";

/** A line that says something: neither blank nor a comment. `number` counts from 1, all lines included. */
export interface Line {
  number: number;
  /** Without blanks at its ends. */
  text: string;
}

export function linesOf(text: string): Line[] {
  return withoutMark(text)
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== "" && !line.text.startsWith("#"));
}

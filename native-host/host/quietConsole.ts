import { inspect } from "node:util";

/**
 * Everything written with console.* goes to stderr: on stdout it would be read as a frame. Firefox shows stderr in its
 * own console, so an unexpected error is written by its kind and place, without its text, which may quote anything.
 */
export function quietConsole(stderr: { write(text: string): unknown } = process.stderr): void {
  const write = (...parts: unknown[]): void => {
    stderr.write(`${parts.map(readable).join(" ")}\n`);
  };
  Object.assign(console, { log: write, info: write, debug: write, trace: write, dir: write, table: write, warn: write, error: write });
}

function readable(part: unknown): string {
  if (typeof part === "string") return part;
  if (part instanceof Error) return [part.name, ...placesOf(part)].join("\n");
  if (typeof part === "object" && part !== null) return "[object]";
  return inspect(part);
}

/** The stack begins with the message, of any number of lines; only the lines of places are safe to show. */
function placesOf(error: Error): string[] {
  return (error.stack ?? "").split("\n").filter((line) => /^ {4}at [^\n]*:\d+:\d+\)?$/.test(line));
}

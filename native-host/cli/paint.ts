import type { Color } from "../../shared/models.ts";

/** The nearest of the 256 terminal colours to each container colour. */
const codes: Readonly<Record<Color, number>> = {
  blue: 39, turquoise: 44, green: 76, yellow: 220, orange: 208, red: 203, pink: 213, purple: 135, toolbar: 245,
};

export function painted(text: string, color: Color): string {
  return `\u001B[38;5;${codes[color]}m${text}\u001B[39m`;
}

/** NO_COLOR (no-color.org) counts when it is not empty. */
export function wantsColor(env: NodeJS.ProcessEnv, stdout: { isTTY?: boolean }): boolean {
  return stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

import { type Color, colors } from "./models.ts";

/** The colour fewest projects have, the first in Firefox's order of several, so that projects can be told apart. */
export function leastUsedColor(projects: readonly { color: Color }[], choices: readonly Color[] = colors): Color {
  const uses = (color: Color): number => projects.filter((project) => project.color === color).length;
  return choices.reduce((best, color) => (uses(color) < uses(best) ? color : best));
}

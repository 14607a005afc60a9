import { SteadError } from "../../shared/errors.ts";
import { type Color, colors, type Icon, icons, ProjectName } from "../../shared/models.ts";

/** Throws `badName`. */
export function readName(text: string): string {
  if (!ProjectName.safeParse(text).success) throw new SteadError("badName", `${JSON.stringify(text.slice(0, 80))} cannot be a project's name.`);
  return text;
}

/** Throws `badColor`. Firefox's newer names of the same colours are taken too. */
export function readColor(text: string): Color {
  const found = colors.find((color) => color === (newerNames[text] ?? text));
  if (!found) throw new SteadError("badColor", `${JSON.stringify(text)} is not one of ${colors.join(", ")}.`);
  return found;
}

const newerNames: Readonly<Record<string, Color>> = { cyan: "turquoise", gray: "toolbar" };

/** Throws `badIcon`. */
export function readIcon(text: string): Icon {
  const found = icons.find((icon) => icon === text);
  if (!found) throw new SteadError("badIcon", `${JSON.stringify(text)} is not one of ${icons.join(", ")}.`);
  return found;
}

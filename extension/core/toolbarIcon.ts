import type { Color } from "../../shared/models.ts";

/** What the toolbar button shows: Stead's own mark, or the current project's colour and letter. */
export type ToolbarIcon =
  | { kind: "mark" }
  /** `background` and `text` are `#rrggbb`; `letter` is one grapheme, perhaps of several code points. */
  | { kind: "letter"; letter: string; background: string; text: string };

/** Firefox's own values (browser/components/contextualidentity/content/usercontext.css), as tabs are underlined with. */
export const containerColors: Readonly<Record<Color, string>> = {
  blue: "#37adff",
  turquoise: "#00c79a",
  green: "#51cd00",
  yellow: "#ffcb00",
  orange: "#ff9f00",
  red: "#ff613d",
  pink: "#ff4bda",
  purple: "#af51f5",
  toolbar: "#7c7c7d",
};

export function toolbarIcon(project: { name: string; color: Color } | undefined): ToolbarIcon {
  if (project === undefined) return { kind: "mark" };
  const background = containerColors[project.color];
  return { kind: "letter", letter: letterOf(project.name), background, text: textOn(background) };
}

/** The first grapheme, upper-cased where that leaves one grapheme ("ß" has none). Not by locale: "i" is "I" everywhere. */
export function letterOf(name: string): string {
  const first = firstGrapheme(name.trim());
  const upper = first.toUpperCase();
  return firstGrapheme(upper) === upper ? upper : first;
}

/** Near-black or white, whichever has the higher contrast on `background` (`#rrggbb`). */
export function textOn(background: string): string {
  const [dark, light] = ["#15141a", "#ffffff"] as const;
  return contrast(background, dark) >= contrast(background, light) ? dark : light;
}

/** The contrast ratio of WCAG 2.2, 1 to 21, of two `#rrggbb` colours. */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

function firstGrapheme(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment;
  return "";
}

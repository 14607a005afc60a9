import type { Color, Icon } from "../../shared/models.ts";
import { containerIcons } from "./containerIcons.ts";
import { containerColors } from "./toolbarIcon.ts";

/** The address of a container's icon in its colour, as Firefox's own menus show it. */
export function containerIcon(icon: Icon, color: Color): string {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="${containerColors[color]}" stroke-width="1.6" ` +
    `stroke-linecap="round" stroke-linejoin="round"><path d="${containerIcons[icon]}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

import { h, type VNode } from "snabbdom";
import type { Icon } from "../../shared/models.ts";
import { containerIcons } from "../core/containerIcons.ts";

const signs = {
  search: "M7 2.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8zM10.2 10.2l3.4 3.4",
  add: "M8 3v10M3 8h10",
  pencil: "M2.6 13.4l.6-2.9 7.4-7.4a1.2 1.2 0 0 1 1.7 0l.6.6a1.2 1.2 0 0 1 0 1.7l-7.4 7.4zM9.4 4.3l2.3 2.3",
  back: "M10 3 5 8l5 5",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M6 5.5h6.5v8H6zM9.8 5.3V2.5H3.5v8h2.3",
  pin: "M5.5 2.3h5M6.3 2.5v4L4.2 9.3h7.6L9.7 6.5v-4M8 9.5v4.3",
  warning: "M8 2.3l6.2 11.2H1.8zM8 6.5v3.2M8 11.5h.01",
  lock: "M4 7.2h8v6.3H4zM5.6 7V5c0-1.5 1-2.5 2.4-2.5s2.4 1 2.4 2.5v2",
  key: "M5.2 5.3a2.7 2.7 0 1 1 0 5.4a2.7 2.7 0 0 1 0-5.4zM7.9 8h5.9v2.3M11.4 8v1.8",
  plug: "M5.8 2v3M10.2 2v3M3.8 5h8.4v1.8c0 2.3-1.7 4-4.2 4s-4.2-1.7-4.2-4zM8 11v3",
  check: "M3 8.5l3.2 3.2L13 4.8",
  gear: "M8 5.9a2.1 2.1 0 1 1 0 4.2 2.1 2.1 0 0 1 0-4.2zM6.8 3.3L7.1 1.8L8.9 1.8L9.2 3.3L10.5 3.9L11.8 3L13 4.2L12.1 5.5L12.7 6.8L14.2 7.1L14.2 8.9L12.7 9.2L12.1 10.5L13 11.8L11.8 13L10.5 12.1L9.2 12.7L8.9 14.2L7.1 14.2L6.8 12.7L5.5 12.1L4.2 13L3 11.8L3.9 10.5L3.3 9.2L1.8 8.9L1.8 7.1L3.3 6.8L3.9 5.5L3 4.2L4.2 3L5.5 3.9z",
  globe: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM2.4 8h11.2M8 2.3c2 1.6 2.9 3.5 2.9 5.7S10 12.1 8 13.7C6 12.1 5.1 10.2 5.1 8S6 3.9 8 2.3z",
  projects: "M2.5 4.5h4l1.4 1.6h5.6v6.4h-11zM2.5 7.6h11",
  rules: "M2.5 4h2M2.5 8h2M2.5 12h2M7 4h6.5M7 8h6.5M7 12h6.5",
  keyboard: "M3 4h10a1.5 1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 13 12H3a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 3 4zM4.2 6.7h.01M6.7 6.7h.01M9.2 6.7h.01M11.7 6.7h.01M5 9.4h6",
  behaviour: "M2.5 5h6M12 5h1.5M2.5 11H4M8 11h5.5M10.2 3.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zM5.8 9.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2z",
  transfer: "M5 13V3.2M2.5 5.7 5 3.2l2.5 2.5M11 3v9.8M8.5 10.3 11 12.8l2.5-2.5",
  down: "M4 6.2 8 10l4-3.8",
  up: "M4 9.8 8 6l4 3.8",
  open: "M6.5 3.5h-3v9h9v-3M9 3.5h3.5V7M12.3 3.7 7.5 8.5",
  undo: "M5.5 3 2.8 5.7l2.7 2.7M3 5.7h6.4a3.6 3.6 0 0 1 0 7.2H6",
  trash: "M3 4.5h10M6 4.3V2.8h4v1.5M4.3 4.6l.6 8.6h6.2l.6-8.6M6.7 7v3.8M9.3 7v3.8",
  wins: "M8 2.3l1.7 3.6 3.9.5-2.9 2.7.8 3.9L8 11.1l-3.5 1.9.8-3.9L2.4 6.4l3.9-.5z",
} as const;

export function containerGlyph(icon: Icon): VNode {
  return drawing(containerIcons[icon]);
}

export function glyph(name: keyof typeof signs): VNode {
  return drawing(signs[name]);
}

/** Stead's own mark, as in icons/stead.svg. */
export function mark(): VNode {
  return h("svg.mark", { attrs: { viewBox: "0 0 32 32", "aria-hidden": "true" } }, [
    h("rect.ground", { attrs: { width: 32, height: 32, rx: 7 } }),
    h("path.roof", { attrs: { d: "M5.8 15.2 16 6.6l10.2 8.6" } }),
    h("circle.hearth", { attrs: { cx: 16, cy: 21, r: 5.4 } }),
  ]);
}

function drawing(path: string): VNode {
  return h("svg.glyph", { attrs: { viewBox: "0 0 16 16", "aria-hidden": "true" } }, [h("path", { attrs: { d: path } })]);
}

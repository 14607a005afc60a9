import { h, type VNode } from "snabbdom";
import type { Icon } from "../../shared/models.ts";

/** Line drawings on a 16 by 16 grid: Firefox's own container icons cannot be loaded from an extension's page. */
const containerIcons: Readonly<Record<Icon, string>> = {
  fingerprint: "M3 5.6C4 3.4 5.8 2.2 8 2.2s4 1.2 5 3.4M3 9.6C3 6.6 5.2 4.9 8 4.9s5 1.8 5 4.7c0 .9-.1 1.7-.3 2.4M5.4 13c.2-1 .3-2 .3-3.2C5.7 8.4 6.7 7.5 8 7.5s2.3.9 2.3 2.3c0 1.5-.2 2.9-.7 4.2M8 10.1c0 1.4-.1 2.8-.5 4.1",
  briefcase: "M3.5 5h9A1.5 1.5 0 0 1 14 6.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 11.5v-5A1.5 1.5 0 0 1 3.5 5zM5.7 5V3.9c0-.7.5-1.2 1.2-1.2h2.2c.7 0 1.2.5 1.2 1.2V5M2 8.7h12M8 8v1.5",
  dollar: "M11.2 5.2C10.9 4.1 9.7 3.5 8 3.5c-1.9 0-3.2.8-3.2 2.2C4.8 7.3 6.3 7.7 8 8s3.2.8 3.2 2.3c0 1.4-1.3 2.2-3.2 2.2-1.8 0-3-.7-3.3-1.8M8 1.8v12.4",
  cart: "M1.6 2.5h1.7l1.8 7.7h7l1.5-5.4H4M6.1 13.2h.01M11.3 13.2h.01",
  vacation: "M1.6 10.3 14.3 5c.4 1-.1 2-1.2 2.5L4.4 11.2zM6.3 8.3 3.7 4.2l1.7-.6 4.3 3.3M3.4 10.9 2 8.4M2 13.7h12",
  gift: "M2 5.5h12v2.7H2zM3.1 8.2h9.8v5.3H3.1zM8 5.5v8M8 5.3C6.5 5.3 4.6 4.7 4.6 3.4c0-.8.6-1.3 1.3-1.3C7.3 2.1 8 3.9 8 5.3zM8 5.3c1.5 0 3.4-.6 3.4-1.9 0-.8-.6-1.3-1.3-1.3C8.7 2.1 8 3.9 8 5.3z",
  food: "M4.4 2v12M2.5 2v3.3c0 1.1.8 1.9 1.9 1.9s1.9-.8 1.9-1.9V2M11 14V9H9.2V5.5C9.2 3.5 9.8 2.3 11 2z",
  fruit: "M8 5.3C6.9 4.5 5.6 4.4 4.6 4.9 3.2 5.6 2.7 7.1 2.9 8.9c.3 2.6 1.8 4.9 3.3 4.9.7 0 1.1-.4 1.8-.4s1.1.4 1.8.4c1.5 0 3-2.3 3.3-4.9.2-1.8-.3-3.3-1.7-4-1-.5-2.3-.4-3.4.4zM8 5.3c0-1.7.7-2.8 2.2-3.3",
  pet: "M8 7.6c2 0 4.2 2.5 4.2 4.3 0 1.2-.8 1.9-1.9 1.9-.9 0-1.4-.4-2.3-.4s-1.4.4-2.3.4c-1.1 0-1.9-.7-1.9-1.9C3.8 10.1 6 7.6 8 7.6zM2.5 6.2v1.2M5.9 2.8v1.5M10.1 2.8v1.5M13.5 6.2v1.2",
  tree: "M8 1.8 11.6 6H9.9l3 3.7H10l2.3 2.3H3.7L6 9.7H3.1l3-3.7H4.4zM8 12v2.3",
  chill: "M1.6 5.5h12.8M2.5 5.6v1.9c0 1.5 1 2.6 2.4 2.6s2.4-1.1 2.4-2.6V5.6M8.7 5.6v1.9c0 1.5 1 2.6 2.4 2.6s2.4-1.1 2.4-2.6V5.6",
  circle: "M8 3.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6z",
  fence: "M3 14V5l1.3-1.8L5.6 5v9zM6.7 14V5L8 3.2 9.3 5v9zM10.4 14V5l1.3-1.8L13 5v9zM1.5 7.3H3M1.5 11H3M5.6 7.3h1.1M5.6 11h1.1M9.3 7.3h1.1M9.3 11h1.1M13 7.3h1.5M13 11h1.5",
};

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
  plug: "M5.8 2v3M10.2 2v3M3.8 5h8.4v1.8c0 2.3-1.7 4-4.2 4s-4.2-1.7-4.2-4zM8 11v3",
  check: "M3 8.5l3.2 3.2L13 4.8",
  projects: "M2.5 4.5h4l1.4 1.6h5.6v6.4h-11zM2.5 7.6h11",
  rules: "M2.5 4h2M2.5 8h2M2.5 12h2M7 4h6.5M7 8h6.5M7 12h6.5",
  keyboard: "M3 4h10a1.5 1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 13 12H3a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 3 4zM4.2 6.7h.01M6.7 6.7h.01M9.2 6.7h.01M11.7 6.7h.01M5 9.4h6",
  behaviour: "M2.5 5h6M12 5h1.5M2.5 11H4M8 11h5.5M10.2 3.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zM5.8 9.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2z",
  transfer: "M5 13V3.2M2.5 5.7 5 3.2l2.5 2.5M11 3v9.8M8.5 10.3 11 12.8l2.5-2.5",
  down: "M4 6.2 8 10l4-3.8",
  up: "M4 9.8 8 6l4 3.8",
  open: "M6.5 3.5h-3v9h9v-3M9 3.5h3.5V7M12.3 3.7 7.5 8.5",
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

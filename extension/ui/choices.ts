import { h, type VNode } from "snabbdom";
import { type Color, colors, type Icon, icons } from "../../shared/models.ts";
import { containerGlyph } from "./glyphs.ts";
import { discColors } from "./parts.ts";
import { text } from "./text.ts";

/** Firefox's container colours to choose one of. `group` names the radio buttons, once in a page. */
export function colorChoices(group: string, chosen: Color, choose: (color: Color) => void): VNode {
  return choices("colors", group, text("colorLabel"), colors, chosen, choose, {
    name: colorName,
    face: (color) => h("span.swatch", { style: discColors(color) }),
  });
}

export function iconChoices(group: string, chosen: Icon, choose: (icon: Icon) => void): VNode {
  return choices("icons", group, text("iconLabel"), icons, chosen, choose, {
    name: (icon) => text(iconNames[icon]),
    face: (icon) => h("span.face", [containerGlyph(icon)]),
  });
}

export function colorName(color: Color): string {
  return text(colorNames[color]);
}

const colorNames: Readonly<Record<Color, string>> = {
  blue: "colorBlue",
  turquoise: "colorTurquoise",
  green: "colorGreen",
  yellow: "colorYellow",
  orange: "colorOrange",
  red: "colorRed",
  pink: "colorPink",
  purple: "colorPurple",
  toolbar: "colorToolbar",
};

const iconNames: Readonly<Record<Icon, string>> = {
  fingerprint: "iconFingerprint",
  briefcase: "iconBriefcase",
  dollar: "iconDollar",
  cart: "iconCart",
  vacation: "iconVacation",
  gift: "iconGift",
  food: "iconFood",
  fruit: "iconFruit",
  pet: "iconPet",
  tree: "iconTree",
  chill: "iconChill",
  circle: "iconCircle",
  fence: "iconFence",
};

interface Look<T> {
  name: (value: T) => string;
  face: (value: T) => VNode;
}

/** A group of radio buttons drawn as faces; arrows move in it, as the browser has it. */
function choices<T extends string>(kind: string, group: string, legend: string, values: readonly T[], chosen: T, choose: (value: T) => void, look: Look<T>): VNode {
  return h(`fieldset.choices.${kind}`, [
    h("legend", legend),
    h(
      "div.faces",
      values.map((value) =>
        h("label.choice", { key: value, attrs: { title: look.name(value) } }, [
          h("input", {
            attrs: { type: "radio", name: group, value, "aria-label": look.name(value) },
            props: { checked: value === chosen },
            on: { change: () => choose(value) },
          }),
          look.face(value),
        ]),
      ),
    ),
  ]);
}

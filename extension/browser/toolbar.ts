import type { Project } from "../../shared/models.ts";
import { type ToolbarIcon, toolbarIcon } from "../core/toolbarIcon.ts";
import type { Local } from "./local.ts";
import { webext } from "./webext.ts";
import type { WindowBindings } from "./windowBindings.ts";

const sizes = [16, 32, 64] as const;

/** Shows the current project on the toolbar button of every window: a bound window its own, the others the active one. */
export class Toolbar {
  readonly #local: Local;
  readonly #windows: WindowBindings;
  #last: Promise<unknown> = Promise.resolve();
  #shown = "";

  constructor(local: Local, windows: WindowBindings) {
    this.#local = local;
    this.#windows = windows;
  }

  update(): void {
    this.#last = this.#last.then(() => this.#draw()).catch((error: unknown) => console.error("Stead could not draw its button", error));
  }

  async #draw(): Promise<void> {
    const { active, projects } = this.#local.state;
    const named = (id: string | null): Project | undefined => projects.find((project) => project.id === id);
    const everywhere = named(active);
    const windows = await Promise.all(
      (await webext.windows.getAll({ windowTypes: ["normal"] })).flatMap(({ id }) =>
        id === undefined ? [] : [this.#windows.of(id).then((bound) => ({ windowId: id, project: named(bound) }))],
      ),
    );
    // Focus comes and goes far more often than what is shown changes.
    const picture = JSON.stringify([everywhere, windows]);
    if (picture === this.#shown) return;
    await show(everywhere, {});
    await Promise.all(windows.map(({ windowId, project }) => (project ? show(project, { windowId }) : showAsEverywhere(windowId))));
    this.#shown = picture;
  }
}

async function showAsEverywhere(windowId: number): Promise<void> {
  await Promise.all([webext.action.setIcon({ windowId }), webext.action.setTitle({ windowId, title: null })]);
}

async function show(project: Project | undefined, where: { windowId?: number }): Promise<void> {
  const icon = toolbarIcon(project);
  const title = webext.i18n.getMessage("actionTitle");
  await Promise.all([
    webext.action.setTitle({ ...where, title: project ? `${project.name} — ${title}` : title }),
    webext.action.setIcon(
      icon.kind === "mark"
        ? { ...where, path: "/icons/stead.svg" }
        : { ...where, imageData: Object.fromEntries(sizes.map((size) => [size, draw(icon, size)])) },
    ),
  ]);
}

/** A rounded square in the project's colour with its letter. */
function draw(icon: Extract<ToolbarIcon, { kind: "letter" }>, size: number): ImageData {
  const context = new OffscreenCanvas(size, size).getContext("2d");
  if (!context) throw new Error("no 2d context");
  context.fillStyle = icon.background;
  context.beginPath();
  context.roundRect(0, 0, size, size, size * 0.22);
  context.fill();
  context.fillStyle = icon.text;
  context.font = `600 ${size * 0.72}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  const { actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = context.measureText(icon.letter);
  context.fillText(icon.letter, size / 2, (size + above - below) / 2, size);
  return context.getImageData(0, 0, size, size);
}

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Display } from "../../support/display.ts";
import { waitFor } from "../../support/waitFor.ts";
import type { Box } from "./panel.ts";

const run = promisify(execFile);

/** Pictures of a screen for the documentation: STEAD_SCREENSHOTS=1 renews docs/images; else they are taken, measured and thrown away. */
export class Pictures {
  readonly #display: Display;
  readonly #scratch: string;
  readonly #images: string;

  private constructor(display: Display, scratch: string, images: string) {
    this.#display = display;
    this.#scratch = scratch;
    this.#images = images;
  }

  static async of(display: Display): Promise<Pictures> {
    const scratch = await mkdtemp(join(tmpdir(), "stead-pictures-"));
    const images = process.env["STEAD_SCREENSHOTS"] === "1" ? resolve("docs/images") : join(scratch, "images");
    await mkdir(images, { recursive: true });
    return new Pictures(display, scratch, images);
  }

  /** Takes the part of the screen in the box, in the screen's own pixels, and answers the file. */
  async take(name: string, { x, y, width, height }: Box): Promise<string> {
    const shot = await this.#settledScreen();
    const file = join(this.#images, name);
    await run("convert", [shot, "-crop", `${width}x${height}+${x}+${y}`, "+repage", "-strip", "-define", "png:compression-level=9", file]);
    return file;
  }

  async close(): Promise<void> {
    await rm(this.#scratch, { recursive: true, force: true });
  }

  /** The screen once two pictures of it in a row are the same: what has the focus may not be painted yet. */
  async #settledScreen(): Promise<string> {
    let before = "";
    return waitFor("the screen to settle", async () => {
      const shot = await this.#display.screenshot(join(this.#scratch, "screen.png"));
      const { stdout: signature } = await run("identify", ["-format", "%#", shot]);
      const settled = signature === before;
      before = signature;
      return settled && shot;
    });
  }
}

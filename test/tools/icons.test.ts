import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "./chromium.ts";

const icons = fileURLToPath(new URL("../../extension/icons/", import.meta.url));
const drawing = readFileSync(`${icons}stead.svg`, "utf8");
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch(chromiumOptions);
}, 30_000);
afterAll(() => browser.close());

describe("the icons", () => {
  /** With UPDATE_ICONS set they are drawn anew. */
  it.each([16, 32, 48, 96, 128])("of %i pixels are drawings of stead.svg", async (size) => {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const file = `${icons}stead-${size}.png`;
    if (process.env["UPDATE_ICONS"]) {
      await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`);
      writeFileSync(file, await page.screenshot({ omitBackground: true }));
    }
    const sources = [`data:image/png;base64,${readFileSync(file).toString("base64")}`, `data:image/svg+xml;base64,${Buffer.from(drawing).toString("base64")}`];
    const [png, svg] = await Promise.all(
      sources.map((source) =>
        page.evaluate(
          async ([url, length]) => {
            const image = new Image();
            image.src = url;
            await image.decode();
            const canvas = new OffscreenCanvas(length, length).getContext("2d");
            if (!canvas) throw new Error("No canvas.");
            canvas.drawImage(image, 0, 0, length, length);
            return { width: image.naturalWidth, pixels: [...canvas.getImageData(0, 0, length, length).data] };
          },
          [source, size] as const,
        ),
      ),
    );
    await page.close();
    expect(png?.width).toBe(size);
    const difference = (png?.pixels ?? []).reduce((sum, value, at) => sum + Math.abs(value - (svg?.pixels[at] ?? 0)), 0);
    expect(difference / (size * size * 4)).toBeLessThan(4);
  });
});

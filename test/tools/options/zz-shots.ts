import { chromium } from "playwright-core";
import { chromiumOptions } from "../chromium.ts";
import { openStage } from "../support/stage.ts";
import { scenes } from "../../extension/options/scenes.ts";
const stage = await openStage({ page: process.env.PAGE ?? "options", fakeWebext: new URL("file:///work/wt/options/test/tools/options/fakeWebext.ts"), scenes });
const browser = await chromium.launch(chromiumOptions);
const what = process.argv.slice(2);
for (const spec of what) {
  const [scene, section, scheme, ...js] = spec.split(";");
  const ctx = await browser.newContext({ viewport: { width: 1280, height: Number(process.env.H ?? 900) }, colorScheme: scheme as "light", bypassCSP: true });
  const page = await ctx.newPage();
  page.on("console", (m) => console.log(m.text())); page.on("pageerror", (e) => console.log(e.message));
  await page.goto(stage.url(scene as "few", (process.env.LANGUAGE_ ?? "en") as "en") + "#" + section);
  await page.waitForTimeout(400);
  for (const j of js) { await eval(`(async()=>{${j}})()`); await page.waitForTimeout(150); }
  await page.screenshot({ path: `/tmp/shot-${process.env.PAGE ?? ""}${scene}-${section}-${scheme}.png` });
  await ctx.close();
}
await browser.close(); await stage.close();

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { local } from "../support/entries.ts";
import { storeHome, storeIn } from "../support/storeHome.ts";
import type { Store } from "../../native-host/store/types.ts";
import { chromiumOptions } from "./chromium.ts";
import { consumer } from "./libraryConsumer.ts";
import { startTokenSite, token } from "./tokenSite.ts";

const page = readFileSync(new URL("../../docs/library.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);

async function acme(): Promise<{ env: Record<string, string>; store: Store; id: string; text: () => string }> {
  const { env, home } = storeHome();
  const store = await storeIn({ env, home });
  const { id } = store.addProject({ name: "acme" });
  return { env: { STEAD_HOME: home.data, STEAD_KEYSTORE: "file" }, store, id, text: () => JSON.stringify(store.unaudited.entries(id)) };
}

/** The text with each of these in place of the other, which must be there. */
function replaced(text: string, ...pairs: [string, string][]): string {
  return pairs.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`The example has no ${JSON.stringify(from)} any more.`);
    return result.replace(from, () => to);
  }, text);
}

/** tsc reads every declaration that the package and its dependencies have. */
const compiling = { timeout: 180_000 };

describe("the package as npm packs it", compiling, () => {
  it("is imported by a plain .mjs, with nothing but its own dependencies", async () => {
    const { env, store, id } = await acme();
    const { write, run } = await consumer();
    store.writeEntries(id, [{ kind: "set", entry: local("token", "a"), at: 1 }], { by: "firefox" });
    write("main.mjs", `
      import { stead, SteadError } from "stead";
      const { state, revision } = await stead.state("acme");
      const refused = await stead.update("acme", state).catch((error) => [error instanceof SteadError, error.name, error.code, error.exitCode]);
      const { applied } = await stead.update("acme", [{ kind: "remove", id: { kind: "local", origin: "https://app.example.com", key: "token" } }], { base: revision });
      console.log(JSON.stringify({ values: state.origins[0].localStorage, refused, applied }));
    `);
    expect(JSON.parse(await run("main.mjs", env))).toEqual({ values: [{ name: "token", value: "a" }], refused: [true, "SteadError", "usage", 2], applied: 1 });
    expect(store.unaudited.entries(id)).toEqual([]);
  });

  it("has types that the strictest TypeScript takes, without those of Node", async () => {
    const { env } = await acme();
    const { write, compile, run } = await consumer();
    write("main.ts", `
      import { type Change, type ErrorCode, type Lease, stead, SteadError } from "stead";
      const entry = { kind: "cookie", domain: "app.example.com", path: "/", name: "sid", value: "v", secure: true, httpOnly: true, sameSite: "lax" } as const;
      const changes: Change[] = [{ kind: "set", entry }];
      const { revision } = await stead.state("acme");
      await stead.update("acme", changes, { base: revision });
      try {
        // @ts-expect-error An update without a base.
        await stead.update("acme", changes, {});
        // @ts-expect-error An update without options.
        await stead.update("acme", changes);
      } catch (error) {
        if (!(error instanceof SteadError)) throw error;
        const code: ErrorCode = error.code;
        if (code !== "usage") throw error;
      }
      const text: string = (await stead.state("acme", { format: "netscape" })).state;
      await using own = stead.open({ name: "typed" });
      await using lease: Lease<"json"> = await own.checkout("acme", { ttl: "10m", format: "json" });
      // @ts-expect-error No unit of time.
      await lease.renew({ ttl: "10 minutes" }).catch(() => undefined);
      const { conflicts } = await lease.checkin(lease.state, { keep: true });
      console.log(JSON.stringify([text.includes("sid"), lease.state.cookies[0]?.name, conflicts.length]));
    `);
    expect(compile(["main.ts"])).toBe("");
    expect(JSON.parse(await run("main.js", env))).toEqual([true, "sid", 0]);
  });
});

describe("the examples of docs/library.md", compiling, () => {
  it("log real Chromium in by real Playwright, and check in the token that the page got anew", async () => {
    const { env, text } = await acme();
    const site = await startTokenSite();
    try {
      const { write, compile, run } = await consumer(["playwright-core", "@types/node"]);
      const example = replaced(
        examples[0] ?? "",
        ["chromium.launch()", `chromium.launch(${JSON.stringify(chromiumOptions)})`],
        ["https://app.acme.example/", site.origin],
      );
      const acts = "// The page is logged in. What it does may give it another token.";
      const shown = 'await page.waitForSelector("body[data-user]", { state: "attached" });\n  console.log(await page.evaluate("document.body.dataset.user"));';
      const logsIn = (value: string): string => `${shown}\n  await page.evaluate(${JSON.stringify(`logIn(${JSON.stringify(value)})`)});`;
      write("first.ts", replaced(example, [acts, logsIn(token)]));
      write("second.ts", replaced(example, [acts, logsIn("rotated-9876")]));
      expect(compile(["first.ts", "second.ts"], { types: ["node"], skipLibCheck: true })).toBe("");

      expect(await run("first.js", env)).toBe("nobody\n");
      expect(text()).toContain(token);
      expect(await run("second.js", env)).toBe("ada\n");
      expect(text()).toContain("rotated-9876");
      expect(text()).not.toContain(token);
    } finally {
      await site.close();
    }
  });

  it("update a project without a lease", async () => {
    const { env, text } = await acme();
    const { write, compile, run } = await consumer();
    write("update.ts", `import { stead } from "stead";\n${examples[1] ?? ""}\nexport { state };`);
    expect(compile(["update.ts"])).toBe("");
    expect(await run("update.js", env)).toBe("");
    expect(text()).toContain('"key":"theme","value":"dark"');
  });
});

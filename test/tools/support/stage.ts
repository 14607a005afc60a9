import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const extension = fileURLToPath(new URL("../../../extension", import.meta.url));
const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

export interface StageOptions<Scenes extends Record<string, object>> {
  /** The folder in extension/ that the page's HTML, script and style are in, each named like it. */
  page: string;
  /** What stands in the place of extension/browser/webext.ts; reads window.steadScene. */
  fakeWebext: URL;
  scenes: Scenes;
}

export interface Stage<Name extends string> {
  /** The page's address, with a `search` of its own, and a scene's background page behind it. */
  url(scene: Name, language?: "en" | "de", search?: string): string;
  close(): Promise<void>;
}

/** Builds a page with a fake in the place of the browser's API and serves it, under the CSP that Firefox gives it. */
export async function openStage<Scenes extends Record<string, object>>({ page, fakeWebext, scenes }: StageOptions<Scenes>): Promise<Stage<keyof Scenes & string>> {
  const directory = await mkdtemp(join(tmpdir(), `stead-${page}-`));
  await build({
    root: join(extension, page),
    configFile: false,
    logLevel: "error",
    base: "./",
    plugins: [
      {
        name: "fake-webext",
        enforce: "pre",
        resolveId: (source) => (source.endsWith("/browser/webext.ts") ? fileURLToPath(fakeWebext) : null),
      },
    ],
    build: { outDir: directory, emptyOutDir: true, target: "firefox128", modulePreload: false, rolldownOptions: { input: join(extension, page, `${page}.html`) } },
  });

  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? "/", "http://localhost")).then(
      ({ type, body }) => response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: (scene, language = "en", search = "") => `http://127.0.0.1:${port}/${page}.html?scene=${scene}&language=${language}${search === "" ? "" : `&${search}`}`,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await rm(directory, { recursive: true });
    },
  };

  async function answer(url: URL): Promise<{ type: string; body: string | Buffer }> {
    if (url.pathname === "/favicon.ico") return { type: "image/x-icon", body: "" };
    const file = await readFile(join(directory, normalize(url.pathname)));
    const type = types[extname(url.pathname)] ?? "application/octet-stream";
    if (type !== "text/html") return { type, body: file };
    const scene = scenes[url.searchParams.get("scene") ?? ""];
    const messages: unknown = JSON.parse(await readFile(join(extension, "_locales", url.searchParams.get("language") ?? "en", "messages.json"), "utf8"));
    const given = JSON.stringify({ ...scene, messages }).replaceAll("<", "\\u003c");
    const policy = `<meta http-equiv="content-security-policy" content="script-src 'self' 'nonce-stage'">`;
    return { type, body: file.toString().replace("<head>", `<head>${policy}<script nonce="stage">window.steadScene = ${given};</script>`) };
  }
}

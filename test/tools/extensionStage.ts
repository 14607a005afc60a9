import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const extension = fileURLToPath(new URL("../../extension", import.meta.url));
const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

export interface StageOptions<SceneName extends string> {
  /** The page's folder in extension/, with an HTML file of its own name. */
  page: string;
  /** Stands in for extension/browser/webext.ts. */
  fakeWebext: URL;
  /** What is put into the page as window.steadScene, with the messages. */
  scenes: Readonly<Record<SceneName, object>>;
}

export interface Stage<SceneName extends string> {
  /** The page's address with a scene's background page behind it; `search` goes before the scene. */
  url(scene: SceneName, language?: "en" | "de", search?: string): string;
  close(): Promise<void>;
}

/** Builds a page of the extension with a fake in the place of the browser's API and serves it, under the CSP that Firefox gives it. */
export async function openExtensionStage<SceneName extends string>({ page, fakeWebext, scenes }: StageOptions<SceneName>): Promise<Stage<SceneName>> {
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
    url: (scene, language = "en", search = "") => `http://127.0.0.1:${port}/${page}.html?${search === "" ? "" : `${search}&`}scene=${scene}&language=${language}`,
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
    // Written by url() above.
    const scene = scenes[url.searchParams.get("scene") as SceneName];
    const messages: unknown = JSON.parse(await readFile(join(extension, "_locales", url.searchParams.get("language") ?? "en", "messages.json"), "utf8"));
    const given = JSON.stringify({ ...scene, messages }).replaceAll("<", "\\u003c");
    const policy = `<meta http-equiv="content-security-policy" content="script-src 'self' 'nonce-stage'">`;
    return { type, body: file.toString().replace("<head>", `<head>${policy}<script nonce="stage">window.steadScene = ${given};</script>`) };
  }
}

import { createServer } from "node:http";
import * as z from "zod/mini";

export interface StorageSite {
  /** The site under a loopback name: `localhost` and every address of 127.0.0.0/8 are origins of their own. */
  url(path: string, host?: string): string;
  origin(host?: string): string;
  close(): Promise<void>;
}

/** What a page's first script finds: in `window.seen` its localStorage, sessionStorage and (a promise) the record `k` of database `db`. */
const look = `
  window.seen = { local: { ...localStorage }, session: { ...sessionStorage } };
  window.record = new Promise((done) => {
    const open = indexedDB.open("db");
    open.onupgradeneeded = () => open.transaction.abort();
    open.onerror = () => done("none");
    open.onsuccess = () => {
      const db = open.result;
      if (!db.objectStoreNames.contains("s")) return done("none");
      const get = db.transaction("s").objectStore("s").get("k");
      get.onsuccess = () => { db.close(); done(get.result === undefined ? "none" : get.result); };
    };
  });`;

const worker = `
  oninstall = () => skipWaiting();
  onactivate = (event) => event.waitUntil(clients.claim());
  onfetch = (event) => {
    if (event.request.mode === "navigate") event.respondWith(new Response(${JSON.stringify(`<!doctype html><head><script>${look}</script></head>worker`)}, { headers: { "content-type": "text/html" } }));
  };`;

const pages: Readonly<Record<string, { body: string; headers?: Record<string, string> }>> = {
  "/plain": { body: "<!doctype html><title>plain</title>plain" },
  "/head": { body: `<!doctype html><head><script>${look}</script></head>head` },
  "/strict": {
    body: `<!doctype html><head><script nonce="once">${look}</script></head>strict`,
    headers: { "content-security-policy": "default-src 'none'; script-src 'nonce-once'; connect-src 'none'" },
  },
  "/worker": { body: `<!doctype html><script>window.registered = navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready).then(() => true)</script>worker` },
  "/worker.js": { body: worker, headers: { "content-type": "text/javascript" } },
  "/frame": { body: `<!doctype html><iframe src="/head"></iframe>` },
  "/sandbox": { body: `<!doctype html><script>try { localStorage.length; window.seen = "open" } catch { window.seen = "closed" }</script>`, headers: { "content-security-policy": "sandbox allow-scripts" } },
};

export async function startStorageSite(): Promise<StorageSite> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const other = /^\/around\/(.+)$/.exec(path)?.[1];
    const page = other === undefined ? pages[path] : { body: `<!doctype html><iframe src="http://${other}/head"></iframe>` };
    if (page) response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...("headers" in page ? page.headers : {}) }).end(page.body);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const origin = (host = "localhost"): string => `http://${host}:${port}`;
  return {
    origin,
    url: (path, host) => origin(host) + path,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

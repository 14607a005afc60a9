import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import * as z from "zod/mini";

export interface StorageSite {
  /** The site under a loopback name: `localhost` and every address of 127.0.0.0/8 are origins of their own. */
  url(path: string, host?: string): string;
  origin(host?: string): string;
  /** What first scripts of `/tell` found, in the order it came in. */
  readonly told: readonly Told[];
  close(): Promise<void>;
}

const Told = z.object({
  origin: z.string(),
  /** Milliseconds from the start of the navigation to the page's first script. */
  firstScriptMs: z.number(),
  local: z.record(z.string(), z.string()),
  record: z.unknown(),
});
export type Told = z.infer<typeof Told>;

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

/** Tells the site what it found, whoever drives the browser, and with `?close` goes away. */
const tell = `
  const firstScriptMs = performance.now();
  ${look}
  window.record.then((record) =>
    fetch("/told", { method: "POST", body: JSON.stringify({ origin, firstScriptMs, local: window.seen.local, record }) }).then(() => {
      if (location.search === "?close") close();
    }));`;

const worker = `
  oninstall = () => skipWaiting();
  onactivate = (event) => event.waitUntil(clients.claim());
  onfetch = (event) => {
    if (event.request.mode === "navigate") event.respondWith(new Response(${JSON.stringify(`<!doctype html><head><script>${look}</script></head>worker`)}, { headers: { "content-type": "text/html" } }));
  };`;

const pages: Readonly<Record<string, { body: string; headers?: Record<string, string> }>> = {
  "/plain": { body: "<!doctype html><title>plain</title>plain" },
  "/head": { body: `<!doctype html><head><script>${look}</script></head>head` },
  // A connection of its own for every load: none is warmer than another.
  "/tell": { body: `<!doctype html><head><script>${tell}</script></head>tell`, headers: { connection: "close" } },
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
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    if (path === "/told") {
      json(request).then((body) => {
        told.push(Told.parse(body));
        response.writeHead(204, { connection: "close" }).end();
      }, () => response.destroy()); // The browser was killed in the middle of it.
      return;
    }
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
    told,
    url: (path, host) => origin(host) + path,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";

export interface SeenRequest {
  readonly method: string;
  readonly host: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly path: string;
  /** The value of the cookie `who`: whose container it came from. */
  readonly who: string | undefined;
  /** The names of the cookies, sorted. */
  readonly cookies: readonly string[];
  readonly headers: Readonly<Record<"origin" | "referer" | "sec-fetch-site" | "content-type" | "content-length", string | undefined>>;
  readonly body: string;
}

const port = z.object({ port: z.number() });

/**
 * One server on 127.0.0.1 that plays every site of a sign-in by its host: `localhost` is the app under development, any
 * `*.localhost` another site, among them the identity provider.
 *
 * `/be?who=W` sets cookies of every SameSite kind beside `who`; `/login?state=S[&mode=M][&to=PATH][&via=HOST]` sends on to the provider's
 * `/authorize`, a page whose buttons `#approve` and `#post` answer as asked for or by a form, and whose link `#next` leads
 * on within the provider; `/html?h=…` is a page of that text, `/sandbox?h=…` one without an origin; `/redirect?to=U[&status=N]` redirects; `/worker` is a page that registers a
 * service worker for the whole site. Any other path is a page titled with its path and `who`.
 */
export interface SignInSites {
  /** Every request so far but for icons, the oldest first. */
  readonly requests: readonly SeenRequest[];
  url(path: string, host?: string): string;
  /** The requests for a path. */
  of(path: string): SeenRequest[];
  close(): Promise<void>;
}

export async function startSignInSites(): Promise<SignInSites> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("latin1");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const seen = read(request, body);
      if (seen.path !== "/favicon.ico") requests.push(seen);
      answer(seen, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const at = port.parse(server.address()).port;
  return {
    requests,
    url: (path, host = "localhost") => `http://${host}:${at}${path}`,
    of: (path) => requests.filter((request) => request.path === path),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function read({ method = "GET", url = "/", headers }: IncomingMessage, body: string): SeenRequest {
  const cookies = new Map((headers.cookie ?? "").split("; ").filter((pair) => pair !== "").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  }));
  return {
    method,
    host: headers.host ?? "",
    url,
    path: url.split("?", 1)[0] ?? "",
    who: cookies.get("who"),
    cookies: [...cookies.keys()].sort(),
    headers: {
      origin: headers.origin,
      referer: headers.referer,
      "sec-fetch-site": z.optional(z.string()).parse(headers["sec-fetch-site"]),
      "content-type": headers["content-type"],
      "content-length": headers["content-length"],
    },
    body,
  };
}

function answer({ path, url, host, who }: SeenRequest, response: ServerResponse): void {
  const here = new URL(url, `http://${host}`);
  const get = (name: string): string => here.searchParams.get(name) ?? "";
  response.setHeader("Cache-Control", "no-store");
  switch (path) {
    case "/favicon.ico":
      response.writeHead(204).end();
      return;
    case "/be":
      response.setHeader("Set-Cookie", [
        `who=${get("who")}; Path=/`,
        "lax=1; Path=/; SameSite=Lax",
        "strict=1; Path=/; SameSite=Strict",
        "none=1; Path=/; SameSite=None; Secure",
        "partitioned=1; Path=/; SameSite=Strict; Secure; Partitioned",
      ]);
      break;
    case "/login": {
      const to = new URL(`http://${get("via") || "id.localhost"}:${here.port}/authorize`);
      to.searchParams.set("client_id", "app");
      to.searchParams.set("redirect_uri", `${here.origin}${get("to") || "/callback"}`);
      to.searchParams.set("response_mode", get("mode") || "query");
      to.searchParams.set("state", get("state"));
      redirect(response, to.href);
      return;
    }
    case "/redirect":
      redirect(response, get("to"), Number(get("status") || "302"));
      return;
    case "/authorize": {
      const to = `${get("redirect_uri")}${get("response_mode") === "fragment" ? "#" : "?"}code=the-code&state=${get("state")}`;
      html(response, `<a id="approve" href="${escape(to)}">Approve</a><a id="next" href="/password">Next</a>
        <form id="post" method="post" action="${escape(get("redirect_uri"))}"><input name="code" value="the-code"><input name="state" value="${escape(get("state"))}"></form>`);
      return;
    }
    case "/sandbox":
      response.setHeader("Content-Security-Policy", "sandbox allow-scripts allow-forms allow-top-navigation allow-popups");
      html(response, get("h"));
      return;
    case "/html":
      html(response, get("h"));
      return;
    case "/worker":
      html(response, `<script>navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready).then(() => { document.title = "ready"; })</script>`);
      return;
    case "/worker.js":
      response.setHeader("Content-Type", "text/javascript");
      response.end(`addEventListener("install", () => skipWaiting()); addEventListener("activate", (event) => event.waitUntil(clients.claim()));
        addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));`);
      return;
  }
  html(response, `<title>${escape(`${path} of ${who ?? "nobody"}`)}</title>`);
}

function redirect(response: ServerResponse, to: string, status = 302): void {
  response.writeHead(status, { Location: to }).end();
}

function html(response: ServerResponse, text: string): void {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!doctype html><html lang="en">${text}</html>`);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

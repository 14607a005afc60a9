import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import * as z from "zod/mini";

const port = z.object({ port: z.number() });

export interface LinkRequest {
  readonly method: string;
  /** Without the port. */
  readonly host: string;
  readonly path: string;
  readonly body: string;
  readonly cookie: string;
}

/**
 * Pages on 127.0.0.1 under any *.localhost name that lead to each other: `/login` sets a cookie; from
 * `/loop/NAME` redirects, and from `/spin/NAME` scripts, go back and forth between this host and NAME without end.
 */
export interface LinkSite {
  /** `name`.localhost with its port. */
  host(name: string): string;
  url(name: string, path?: string): string;
  /** A page on `name` whose element `#go` is made so, with the address put in the place of `%`: `<a id=go href="%">`. */
  page(name: string, html: string, to?: string): string;
  /** An address on `name` that redirects. */
  redirect(name: string, to: string): string;
  /** An address on `name` that is a download. */
  download(name: string, file: string): string;
  /** Page requests for `path` on `name`, of the method where given. */
  requests(name: string, path: string, method?: string): LinkRequest[];
  forget(): void;
  close(): Promise<void>;
}

export async function startLinkSite(): Promise<LinkSite> {
  const requests: LinkRequest[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
      if (url.pathname === "/favicon.ico") {
        response.writeHead(204).end();
        return;
      }
      requests.push({ method: request.method ?? "", host: url.hostname, path: url.pathname, body, cookie: request.headers.cookie ?? "" });
      if (url.pathname === "/login") response.setHeader("Set-Cookie", "user=ada; Path=/; HttpOnly");
      response.setHeader("Cache-Control", "no-store");
      const to = url.searchParams.get("to") ?? "";
      if (url.pathname === "/redirect") response.writeHead(302, { Location: to }).end();
      else if (url.pathname.startsWith("/loop/")) {
        response.writeHead(302, { Location: nextOf(url) }).end();
      } else if (url.pathname.startsWith("/download/")) {
        response.setHeader("Content-Disposition", `attachment; filename=${url.pathname.slice("/download/".length)}`);
        response.writeHead(200, { "Content-Type": "application/octet-stream" }).end("a file");
      } else {
        response.setHeader("Content-Type", "text/html; charset=utf-8");
        const spin = url.pathname.startsWith("/spin/") ? `<script>location.href = ${JSON.stringify(nextOf(url))}</script>` : "";
        const html = spin + (url.searchParams.get("html") ?? "").replaceAll("%", to);
        const title = `${url.hostname}${url.pathname}`;
        response.end(`<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${html}</html>`);
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const at = port.parse(server.address()).port;
  const host = (name: string): string => `${name}.localhost:${at}`;
  const url = (name: string, path = "/"): string => `http://${host(name)}${path}`;
  const withTo = (address: string, parameters: Record<string, string>): string => `${address}?${new URLSearchParams(parameters).toString()}`;
  return {
    host,
    url,
    page: (name, html, to = "") => withTo(url(name, "/page"), { html, to }),
    redirect: (name, to) => withTo(url(name, "/redirect"), { to }),
    download: (name, file) => url(name, `/download/${file}`),
    requests: (name, path, method) =>
      requests.filter((one) => one.host === `${name}.localhost` && one.path === path && (method === undefined || one.method === method)),
    forget: () => void requests.splice(0),
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** The same path on the host it names, naming this one: a way that has no end. */
function nextOf(url: URL): string {
  const [, how = "", other = ""] = url.pathname.split("/");
  return `http://${other}.localhost:${url.port}/${how}/${url.hostname.replace(".localhost", "")}`;
}

async function read(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

import { createServer } from "node:http";

export interface Echo {
  port: number;
  /** The Cookie headers that came for a path, the oldest first; null where a request had none. */
  received(path: string): (string | null)[];
  close(): Promise<void>;
}

/** An HTTP server on both loopback addresses, also good as a proxy, that answers with the Cookie header it got; `/frame?URL` frames a page and `/to?URL` redirects. */
export async function startEcho(): Promise<Echo> {
  const received = new Map<string, (string | null)[]>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://echo");
    const cookie = request.headers.cookie === undefined ? null : Buffer.from(request.headers.cookie, "latin1").toString();
    received.set(url.pathname, [...(received.get(url.pathname) ?? []), cookie]);
    const argument = decodeURIComponent(url.search.slice(1));
    if (url.pathname === "/to") {
      response.writeHead(302, { location: argument }).end();
    } else if (url.pathname === "/frame") {
      response.writeHead(200, { "content-type": "text/html" }).end(`<iframe src="${argument}"></iframe>`);
    } else {
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(cookie ?? "");
    }
  });
  // Unspecified: IPv6 and IPv4 at once, since a browser may take either for localhost.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The echo server has no port.");
  return {
    port: address.port,
    received: (path) => received.get(path) ?? [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

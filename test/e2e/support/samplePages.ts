import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import * as z from "zod/mini";
import type { Prefs } from "../../support/quietPrefs.ts";

const port = z.object({ port: z.number() });

/** Per project its host and the titles of its pages. */
const sites: Readonly<Record<string, { host: string; color: string; titles: readonly string[] }>> = {
  acme: { host: "shop.acme.test", color: "#b35900", titles: ["Orders", "Staging", "Deploys"] },
  "Bäckerei Schön": { host: "kasse.schoen.test", color: "#a3007d", titles: ["Kasse", "Filialen"] },
  "Client portal": { host: "portal.client.test", color: "#0060a8", titles: ["Inbox", "Invoices", "Contracts", "Reports"] },
  "side-project": { host: "notes.test", color: "#2a6b00", titles: ["Notes"] },
};

/** Pages as a developer might have open, one host per project. */
export interface SamplePages {
  /** What Firefox needs to find them: it asks them of 127.0.0.1 as of a proxy, so that addresses in pictures have no port. */
  readonly prefs: Prefs;
  /** The addresses of a project's pages. */
  of(project: string): string[];
  close(): Promise<void>;
}

export async function startSamplePages(): Promise<SamplePages> {
  const all = Object.values(sites);
  const server = createServer((request, response) => {
    const { hostname, pathname } = new URL(request.url ?? "/", "http://nowhere.invalid");
    const site = all.find((one) => one.host === hostname);
    const title = site?.titles.find((one) => pathname === pathOf(one));
    if (site && title !== undefined) page(response, title, site.color);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const at = port.parse(server.address()).port;
  return {
    prefs: {
      "dom.security.https_first": false,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": at,
      "network.proxy.type": 1,
    },
    of: (project) => {
      const site = sites[project];
      return site ? site.titles.map((title) => `http://${site.host}${pathOf(title)}`) : [];
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

function pathOf(title: string): string {
  return `/${title.toLowerCase()}`;
}

function page(response: ServerResponse, title: string, color: string): void {
  const icon = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="8" fill="${color}"/></svg>`)}`;
  const rows = Array.from({ length: 9 }, (_, row) =>
    `<li><i></i><b style="inline-size:${[34, 26, 41, 30, 22, 37, 28, 44, 25][row] ?? 30}%"></b><b style="inline-size:${[12, 16, 9, 14, 11, 15, 10, 13, 12][row] ?? 12}%"></b></li>`).join("");
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(`<!doctype html><html lang="en"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="icon" href="${icon}">
<style>
  body { margin: 0; padding: 40px 56px; font: 15px/1.5 sans-serif; background: light-dark(#fff, #1c1b22); color: light-dark(#15141a, #fbfbfe); }
  h1 { font-size: 24px; margin: 0 0 24px; color: light-dark(${color}, #fbfbfe); }
  ul { list-style: none; margin: 0; padding: 0; }
  li { display: flex; align-items: center; gap: 20px; block-size: 44px; border-block-end: 1px solid light-dark(#ececf0, #35343f); }
  i, b { display: block; block-size: 10px; border-radius: 5px; background: light-dark(#e4e4ea, #3a3944); }
  i { inline-size: 22px; block-size: 22px; border-radius: 50%; background: ${color}; opacity: 0.55; }
</style><h1>${title}</h1><ul>${rows}</ul></html>`);
}

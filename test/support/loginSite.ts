import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";

/** Every kind of cookie, by the attributes that make it one. Any browser resolves *.localhost here and trusts it like https. */
export const cookieKinds = {
  session: "Path=/",
  httpOnly: "Path=/; HttpOnly",
  persistent: "Path=/; Max-Age=86400",
  lax: "Path=/; SameSite=Lax",
  strict: "Path=/; SameSite=Strict",
  none: "Path=/; SameSite=None; Secure",
  secure: "Path=/; Secure",
  path: "Path=/app",
  /** Sent to every host under stead.localhost; refused elsewhere. */
  domain: "Path=/; Domain=stead.localhost",
  hostPrefix: "Path=/; Secure",
  partitioned: "Path=/; SameSite=None; Secure; Partitioned; HttpOnly",
} as const;
export type CookieKind = keyof typeof cookieKinds;

export interface LoggedRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Who the request's session cookie says it is. */
  readonly user: string | undefined;
  /** The names of the cookies that came, in their order. */
  readonly cookies: readonly string[];
}

const port = z.object({ port: z.number() });

/** A site that logs users in, on 127.0.0.1 under any *.localhost name. */
export interface LoginSite {
  readonly port: number;
  /** http://app.stead.localhost:PORT */
  readonly origin: string;
  /** Every request so far, the oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** `path` on the site, under another host when given. */
  url(path: string, host?: string): string;
  /** Sets an httpOnly session cookie for the user, and `also` cookies of these kinds, named after them. */
  loginUrl(user: string, also?: readonly CookieKind[]): string;
  close(): Promise<void>;
}

/**
 * `/login?user=U[&kind=K…]` logs in, `/whoami` answers the user's name or `nobody`, `/set?kind=K…[&value=V]` sets cookies,
 * `/clear?kind=K…` removes them, `/logout` ends the session; any other path is a page titled with the user's name.
 */
export async function startLoginSite(): Promise<LoginSite> {
  const sessions = new Map<string, string>();
  const requests: LoggedRequest[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
    const cookies = readCookies(request.headers.cookie ?? "");
    const session = cookies.find(([name]) => name === "sid")?.[1];
    let user = session === undefined ? undefined : sessions.get(session);
    requests.push({
      method: request.method ?? "GET",
      host: url.hostname,
      path: url.pathname,
      user,
      cookies: cookies.map(([name]) => name),
    });
    const set: string[] = [];
    const kinds = url.searchParams.getAll("kind").filter(isKind);
    switch (url.pathname) {
      case "/login": {
        user = url.searchParams.get("user") ?? "nobody";
        const token = randomUUID();
        sessions.set(token, user);
        set.push(`sid=${token}; Path=/; HttpOnly`);
        for (const kind of kinds) set.push(header(kind, `${user}-${kind}`));
        break;
      }
      case "/set":
        for (const kind of kinds) set.push(header(kind, url.searchParams.get("value") ?? kind));
        break;
      case "/clear":
        for (const kind of kinds) set.push(`${header(kind, "")}; Max-Age=0`);
        break;
      case "/logout":
        if (session !== undefined) sessions.delete(session);
        user = undefined;
        set.push("sid=; Path=/; Max-Age=0");
        break;
    }
    response.setHeader("Set-Cookie", set);
    response.setHeader("Cache-Control", "no-store");
    if (url.pathname === "/whoami") {
      response.setHeader("Content-Type", "text/plain; charset=utf-8");
      response.end(user ?? "nobody");
      return;
    }
    if (url.pathname === "/favicon.ico") {
      response.writeHead(204).end();
      return;
    }
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    const shown = escape(user ?? "nobody");
    response.end(`<!doctype html><html lang="en"><title>${shown}</title><h1>Hello ${shown}</h1></html>`);
  };

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = port.parse(server.address()).port;
  const url = (path: string, host = "app.stead.localhost"): string => `http://${host}:${at}${path}`;
  return {
    port: at,
    origin: url(""),
    requests,
    url,
    loginUrl: (user, also = []) => {
      const query = new URLSearchParams([["user", user], ...also.map((kind) => ["kind", kind])]);
      return url(`/login?${query.toString()}`);
    },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** The name a cookie of this kind has. */
export function cookieName(kind: CookieKind): string {
  return kind === "hostPrefix" ? "__Host-kind" : kind;
}

function header(kind: CookieKind, value: string): string {
  return `${cookieName(kind)}=${value}; ${cookieKinds[kind]}`;
}

function isKind(word: string): word is CookieKind {
  return Object.hasOwn(cookieKinds, word);
}

function readCookies(header: string): [string, string][] {
  return header.split("; ").filter((part) => part !== "").map((part) => {
    const equals = part.indexOf("=");
    return [part.slice(0, equals), part.slice(equals + 1)];
  });
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

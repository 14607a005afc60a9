import type { Cookie } from "../../shared/models.ts";

const soon = Math.floor(Date.now() / 1000) + 86_400;

function cookie(name: string, domain: string, more: Partial<Cookie> = {}): Cookie {
  return { name, value: `of-${name}`, domain, path: "/", secure: false, httpOnly: false, sameSite: "unspecified", ...more };
}

/** One project's cookies as a browser would hold them. */
export const jar: readonly Cookie[] = [
  cookie("host", "app.acme.test"),
  cookie("all", ".acme.test", { expires: soon + 0.5 }),
  cookie("bare", "acme.test"),
  cookie("http", "app.acme.test", { httpOnly: true, sameSite: "lax" }),
  cookie("deep", "app.acme.test", { path: "/deep", sameSite: "strict" }),
  cookie("tls", "app.acme.test", { secure: true }),
  cookie("__Host-tls", "app.acme.test", { secure: true, httpOnly: true }),
  cookie("user", "a.github.io"),
  cookie("local", "localhost", { httpOnly: true, expires: soon }),
  cookie("localtls", "localhost", { secure: true }),
  cookie("ip", "127.0.0.1"),
  cookie("gone", "app.acme.test", { expires: 1_000_000_000 }),
];

/** Which of them a request to each address must carry. `wget`: what it sends instead, where it has its own mind. */
export const requests: readonly { host: string; path: string; names: readonly string[]; wget?: readonly string[] }[] = [
  { host: "app.acme.test", path: "/", names: ["host", "all", "http"] },
  { host: "app.acme.test", path: "/deep/er", names: ["host", "all", "http", "deep"] },
  // wget compares paths by letters and not by segments.
  { host: "app.acme.test", path: "/deeper", names: ["host", "all", "http"], wget: ["host", "all", "http", "deep"] },
  { host: "acme.test", path: "/", names: ["all", "bare"] },
  { host: "x.app.acme.test", path: "/", names: ["all"] },
  { host: "notacme.test", path: "/", names: [] },
  { host: "acme.test.evil.test", path: "/", names: [] },
  { host: "a.github.io", path: "/", names: ["user"] },
  { host: "b.github.io", path: "/", names: [] },
  { host: "127.0.0.1", path: "/", names: ["ip"] },
];

/** Values that a careless writer or reader breaks. */
export const values: readonly string[] = ["", "a=b==", '"quoted, and spaced"', "back\\slash\\", "a #b", "a,b", "%41+%20", "é☃😀", "'$(x)`y`'", "{\"json\":[1]}", "x".repeat(4000)];

export const valueJar: readonly Cookie[] = values.map((value, index) => ({ ...cookie(`v${index}`, "localhost"), value }));
export const valuePairs: readonly string[] = valueJar.map(({ name, value }) => `${name}=${value}`);

/** The pairs of a Cookie header in one order, for programs differ in it. */
export function pairs(header: string): string[] {
  return header === "" ? [] : header.split("; ").toSorted();
}

export function expectedPairs(names: readonly string[]): string[] {
  return names.map((name) => `${name}=of-${name}`).toSorted();
}

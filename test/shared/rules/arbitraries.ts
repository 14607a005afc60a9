import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import type { Rule } from "../../../shared/rules/rule.ts";

// Few values of each kind, near-misses of one another, so that rules and URLs meet.
const hosts = [
  "example.com", "a.example.com", "b.a.example.com", "notexample.com", "example.com.evil.test", "com", "localhost", "app.localhost",
  "10.0.0.1", "10.0.0.11", "[::1]", "xn--bcher-kva.example",
];
const names = hosts.filter((host) => !/^[\d[]/.test(host));
const segment = fc.constantFrom("acme", "acme-labs", "acm", "ACME", "a%20b", "a%2Fb", "%40x", "%2a", "", "ü");
const path = fc.array(segment, { maxLength: 3 }).map((segments) => segments.map((one) => `/${one}`).join(""));
const port = fc.constantFrom(80, 443, 3000, 8080, 18_080, 30);

export const siteText: fc.Arbitrary<string> = fc
  .record({
    mark: fc.constantFrom("", "", "", "!"),
    scheme: fc.constantFrom("", "", "http://", "https://", "*://"),
    host: fc.oneof(fc.constantFrom(...hosts), fc.constantFrom(...names).map((name) => `*.${name}`)),
    ports: fc.oneof(
      fc.constant(""),
      port.map((one) => `:${one}`),
      fc.tuple(port, port).map(([a, b]) => `:${Math.min(a, b)}-${Math.max(a, b)}`),
    ),
    path,
    end: fc.constantFrom("", "/", "/*"),
  })
  .map(({ mark, scheme, host, ports, path, end }) => mark + scheme + host + ports + path + end);

export const urlText: fc.Arbitrary<string> = fc
  .record({
    scheme: fc.constantFrom("http", "https", "https", "HTTPS", "ftp"),
    user: fc.constantFrom("", "", "", "me:secret@"),
    host: fc.oneof(fc.constantFrom(...hosts), fc.constantFrom(...names).map((name) => `${name.toUpperCase()}.`)),
    port: fc.oneof(fc.constant(""), port.map((one) => `:${one}`)),
    path,
    end: fc.constantFrom("", "/", "/deeper", "/../x", "?q=/acme", "#/acme", "\\acme", "/.", " "),
  })
  .map(({ scheme, user, host, port, path, end }) => `${scheme}://${user}${host}${port}${path}${end}`);

const projects = Array.from({ length: 4 }, () => randomUUID());

export function rulesOf(texts: fc.Arbitrary<string>): fc.Arbitrary<Rule[]> {
  const rule = fc.record({
    id: fc.uuid(),
    project: fc.constantFrom(...projects),
    pattern: texts.map((text) => formatPattern(parsePattern(text))),
    ask: fc.boolean(),
  });
  return fc.uniqueArray(rule, { maxLength: 25, selector: ({ id }) => id });
}

import type { Decision } from "../../../shared/rules/decide.ts";
import { comparePatterns } from "../../../shared/rules/comparePatterns.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import { parseUrl } from "../../../shared/rules/parseUrl.ts";
import type { Pattern } from "../../../shared/rules/pattern.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { readTarget } from "../../../shared/rules/target.ts";

/** decide() as docs/rules.md tells it, without an index: every rule is tried, by other means than the index's. */
export function decideLinearly(rules: readonly Rule[], url: string): Decision {
  const matching = rules
    .map((rule) => ({ rule, pattern: parsePattern(rule.pattern) }))
    .filter(({ pattern }) => matchesPlainly(pattern, url))
    .sort((a, b) => comparePatterns(a.pattern, b.pattern) || (a.rule.id < b.rule.id ? -1 : 1));
  const exclusions = matching.filter(({ pattern }) => pattern.exclude);
  const included = matching.filter(({ pattern }) => !pattern.exclude);
  if (included.length === 0) return { kind: "none" };
  const exclusionOf = (rule: Rule) => exclusions.find((one) => one.rule.project === rule.project)?.rule;
  const open = included.filter(({ rule }) => exclusionOf(rule) === undefined);
  const best = open[0];
  if (best === undefined) {
    return { kind: "excluded", rules: [...new Set(included.flatMap(({ rule }) => exclusionOf(rule) ?? []))] };
  }
  const winners = open.filter(({ rule }) => rule.pattern === best.rule.pattern).map(({ rule }) => rule);
  const projects = [...new Set(winners.map(({ project }) => project))];
  return projects.length > 1 || winners.some(({ ask }) => ask)
    ? { kind: "ask", projects, rules: winners }
    : { kind: "project", project: best.rule.project, rule: best.rule };
}

function matchesPlainly(pattern: Pattern, text: string): boolean {
  const url = parseUrl(text);
  if (url === undefined) return false;
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== "http" && scheme !== "https") return false;
  if (pattern.kind === "expression") return new RegExp(`^(?:${pattern.source})$`).test(readTarget(text)?.text ?? "");
  const port = Number(url.port || { http: 80, https: 443 }[scheme]);
  const labels = url.hostname.replace(/\.$/, "").split(".");
  const wanted = pattern.host.split(".");
  const segments = bytesOf(url.pathname);
  const prefix = bytesOf(pattern.path.replaceAll("*", "%2A"));
  return (
    (pattern.scheme ?? scheme) === scheme &&
    (pattern.subdomains ? labels.slice(-wanted.length) : labels).join() === wanted.join() &&
    (pattern.ports === undefined || (port >= pattern.ports.from && port <= pattern.ports.to)) &&
    prefix.every((one, index) => segments[index] === one)
  );
}

/** A path's segments, each as the text of its decoded bytes. */
function bytesOf(path: string): string[] {
  return path.split("/").slice(1).map((one) => decodeURIComponent(one));
}

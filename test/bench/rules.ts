import { randomUUID } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { decide } from "../../shared/rules/decide.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import { buildRules, type RuleIndex } from "../../shared/rules/ruleIndex.ts";
import { median } from "./sample.ts";

const sizes = [10, 1000, 10_000, 100_000] as const;
const rounds = 60;
/** Decisions timed as one: the clock is coarser than a decision. */
const batch = 500;

/** A decision at four numbers of rules, and what the index keeps in memory. */
export function benchRules(): Promise<string[]> {
  const indexes = sizes.map((size) => ({ size, index: buildRules(rules(size)) }));
  const cases = indexes.flatMap(({ size, index }) => {
    const strained = buildRules(index.rules.values()); // Its memory of origins is of no use to the others.
    return [
      ...Object.entries(knownHosts(size)).map(([name, list]) => ({ size, name, index, list, samples: new Array<number>() })),
      ...Object.entries(newHosts(size)).map(([name, list]) => ({ size, name, index: strained, list, samples: new Array<number>() })),
    ];
  });
  for (let round = -10; round < rounds; round++) {
    for (const { index, list, samples } of cases) {
      const nanoseconds = timeBatch(index, list, round + 10);
      if (round >= 0) samples.push(nanoseconds);
    }
  }
  const p50 = (size: number, name: string): number => median(cases.find((one) => one.size === size && one.name === name)?.samples ?? []);
  const [few] = sizes;
  const many = sizes[3];
  const kinds = ["hit", "miss", "hit, every host new", "miss, every host new"];
  return Promise.resolve([
    ...kinds.flatMap((kind) => [
      `decision, ${kind} (p50): ${sizes.map((size) => `${microseconds(p50(size, kind))} at ${size.toLocaleString("en")}`).join(", ")} rules; aim under 2 µs`,
      `  100,000 rules against 10: ${(p50(many, kind) / p50(few, kind)).toFixed(2)} ×; aim flat`,
    ]),
    changeLine(indexes),
    memoryLine(),
  ]);
}

/** Nanoseconds per decision. */
function timeBatch(index: RuleIndex, list: readonly string[], round: number): number {
  let sink = 0;
  const begin = process.hrtime.bigint();
  for (let at = 0; at < batch; at++) sink += decide(index, list[(round * batch + at) % list.length] ?? "").kind.length;
  const spent = Number(process.hrtime.bigint() - begin);
  return sink === 0 ? Number.NaN : spent / batch;
}

/** Hosts, subdomains, paths, ports and exclusions, mixed as a user's list is. */
function rules(count: number): Rule[] {
  return Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    project: projects[index % projects.length] ?? "",
    pattern: pattern(index),
    ask: false,
  }));
}

const projects = Array.from({ length: 50 }, () => randomUUID());

function pattern(index: number): string {
  switch (index % 10) {
    case 0: return `*.wide${index}.example`;
    case 1: return `github.com/org${index}`;
    case 2: return `site${index}.example:8443`;
    case 3: return `https://app.site${index}.example/team/${index}`;
    case 4: return `localhost:${1024 + (index % 60_000)}`;
    case 5: return `!private.site${index}.example`;
    default: return `site${index}.example`;
  }
}

/** Pages as a browser asks for them, on some 200 hosts over and over. */
function knownHosts(rules: number): Record<string, string[]> {
  return {
    hit: list(300, (index) => {
      const base = tens(index, rules);
      return [`https://p${index}.wide${base}.example${tail}`, `https://github.com/org${base + 1}/repo/issues/1`, `https://site${base + 6}.example${tail}`][index % 3];
    }),
    miss: list(300, (index) =>
      [`https://other${index}.example${tail}`, `https://github.com/nobody${index}/repo/issues/1`, `https://p.notwide${index}.example${tail}`][index % 3],
    ),
  };
}

/** More hosts than are remembered, so that each is parsed. */
function newHosts(rules: number): Record<string, string[]> {
  return {
    "hit, every host new": list(30_000, (index) => `https://p${index}.wide${tens(index, rules)}.example${tail}`),
    "miss, every host new": list(30_000, (index) => `https://p${index}.notwide${index}.example${tail}`),
  };
}

const tail = "/watch/list?id=42&page=7#part";

/** The number of some rule that pattern() gives its first form. */
function tens(index: number, rules: number): number {
  const at = (index * 7919) % rules;
  return at - (at % 10);
}

function list(count: number, make: (index: number) => string | undefined): string[] {
  return Array.from({ length: count }, (_, index) => make(index) ?? "");
}

/** One rule added and removed again. */
function changeLine(indexes: readonly { size: number; index: RuleIndex }[]): string {
  const [one] = rules(1);
  const times = indexes.map(({ size, index }) => {
    const samples = Array.from({ length: 300 }, () => {
      const begin = process.hrtime.bigint();
      if (one !== undefined) {
        index.add({ ...one, pattern: "new.example/path" });
        index.remove(one.id);
      }
      return Number(process.hrtime.bigint() - begin);
    });
    return `${microseconds(median(samples))} at ${size.toLocaleString("en")}`;
  });
  return `a rule added and removed (p50): ${times.join(", ")} rules`;
}

function memoryLine(): string {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void; // What the flag adds to a new context; no type knows of it.
  const list = rules(10_000);
  collect();
  const before = process.memoryUsage().heapUsed;
  const index = buildRules(list);
  collect();
  const used = process.memoryUsage().heapUsed - before;
  return `memory of the index per 10,000 rules, beside the rules themselves: ${(used / 1024 / 1024).toFixed(1)} MiB (${index.rules.size.toLocaleString("en")} rules)`;
}

function microseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1000).toFixed(2)} µs`;
}

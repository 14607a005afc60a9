import { SteadError } from "../errors.ts";
import { ProjectName, type Tally } from "../models.ts";
import { nameKey } from "../projectName.ts";
import { formatPattern } from "../rules/formatPattern.ts";
import { parsePattern } from "../rules/parsePattern.ts";
import type { Container, NamedRule, ReadRules, Skipped } from "./types.ts";

/** Where a reader puts what it finds; what cannot be a rule is kept with its reason. */
export class RulesBasket {
  readonly #rules = new Map<string, NamedRule>();
  readonly #containers = new Map<string, Container>();
  readonly #strict = new Set<string>();
  readonly #skipped: Skipped[] = [];
  readonly #notes = new Map<string, number>();

  /** `pattern` in any of its spellings. A project's second rule of one pattern takes the place of the first. */
  add(line: number | null, rule: NamedRule, subject?: string): void {
    const refusal = nameFault(rule.project);
    if (refusal !== undefined) {
      this.skip(line, subject === undefined ? refusal : `${subject}: ${refusal}`);
      return;
    }
    let pattern: string;
    try {
      pattern = formatPattern(parsePattern(rule.pattern));
    } catch (error) {
      if (!(error instanceof SteadError)) throw error;
      this.skip(line, subject === undefined ? error.message : `${subject}: ${error.message}`);
      return;
    }
    const key = `${pattern} ${nameKey(rule.project)}`;
    const twin = this.#rules.get(key);
    if (twin) this.note("named more than once: the last one was taken");
    this.#rules.set(key, { project: twin?.project ?? rule.project, pattern, ask: rule.ask });
  }

  /** The first look of a name is taken. */
  addContainer({ name, color, icon }: Container): void {
    const key = nameKey(name);
    if (nameFault(name) === undefined && !this.#containers.has(key)) this.#containers.set(key, { name, color, icon });
  }

  addStrict(line: number | null, name: string): void {
    const refusal = nameFault(name);
    if (refusal === undefined) this.#strict.add(name);
    else this.skip(line, `only its own sites open there: ${refusal}`);
  }

  skip(line: number | null, reason: string): void {
    this.#skipped.push({ line, reason });
  }

  note(reason: string, count = 1): void {
    this.#notes.set(reason, (this.#notes.get(reason) ?? 0) + count);
  }

  finish(): ReadRules {
    return {
      rules: [...this.#rules.values()],
      containers: [...this.#containers.values()],
      strict: [...this.#strict],
      skipped: this.#skipped,
      notes: [...this.#notes].map(([reason, count]): Tally => ({ reason, count })),
    };
  }
}

function nameFault(name: string): string | undefined {
  if (ProjectName.safeParse(name).success) return undefined;
  return `${JSON.stringify(name.slice(0, 80))} cannot be a project's name: expected 1 to 64 visible characters that do not begin with a dash.`;
}

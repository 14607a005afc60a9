import type { Color, Icon, Tally } from "../models.ts";

/** A rule as a file has it: of a project by its name. The pattern is canonical text (formatPattern). */
export interface NamedRule {
  project: string;
  pattern: string;
  ask: boolean;
}

/** What a file does not give, and why. `line` counts from 1; null where there are no lines, as in a Firefox profile. */
export interface Skipped {
  line: number | null;
  reason: string;
}

/** A container a file names, with the look of a project to be made for it. */
export interface Container {
  name: string;
  color?: Color | undefined;
  icon?: Icon | undefined;
}

/** What a file of rules gives. Every part of the file is in `rules`, or in `skipped`, or counted in `notes`. */
export interface ReadRules {
  /** In the file's order, each pattern once for a project. */
  rules: NamedRule[];
  /** Where the file says how its containers look; not every one has rules. */
  containers: Container[];
  /** Names of containers that only their own sites may open in. */
  strict: string[];
  skipped: Skipped[];
  /** What is understood differently from how it was meant there, and what Stead has no place for. */
  notes: Tally[];
}

export interface ReadRulesOptions {
  /** The project of lines that name none. */
  project?: string | undefined;
}

import type { Tally } from "../models.ts";

/** Counts by reason, in the order the reasons first came. */
export class Tallies {
  readonly #counts: Map<string, number>;

  constructor(before: readonly Tally[] = []) {
    this.#counts = new Map(before.map(({ reason, count }) => [reason, count]));
  }

  add(reason: string, count = 1): void {
    if (count > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  list(): Tally[] {
    return [...this.#counts].map(([reason, count]) => ({ reason, count }));
  }
}

import type { Tally } from "../models.ts";

/** Counts by reason, in the order the reasons first came. */
export class Tallies {
  readonly #counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    if (count > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  list(): Tally[] {
    return [...this.#counts].map(([reason, count]) => ({ reason, count }));
  }
}

import type { Tally } from "../../shared/models.ts";

/** What became of the store's changes in the containers. */
export interface Delivery {
  /** What could not be applied. */
  failed: Tally[];
  /** How many origins take theirs over when they are next opened. */
  waiting: number;
}

/** How far ahead an alarm is set at most, in milliseconds: a timer stands still while the machine sleeps, the wall clock does not. */
const longestWait = 30_000;

/** Calls `ring` at a time of the wall clock, and again at each one that is set then. */
export class Alarm {
  readonly #ring: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** `at` and `now` in milliseconds since 1970; null: no more, until it is set again. Rings early where `at` is far ahead. */
  set(at: number | null, now: number): void {
    clearTimeout(this.#timer);
    if (at === null) return;
    this.#timer = setTimeout(this.#ring, Math.min(Math.max(at - now, 0), longestWait)).unref();
  }
}

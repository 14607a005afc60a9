/** How far ahead an alarm is set at most, in milliseconds: a timer stands still while the machine sleeps, the wall clock does not. */
const longestWait = 30_000;
/** … and at least: what is due and cannot be done now must not keep the process busy. */
const shortestWait = 200;

/** Calls `ring` after a time by the wall clock; whoever rings looks whether it is time, and sets it anew. */
export class Alarm {
  readonly #ring: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** In so many milliseconds, or earlier where that is long; null: no more, until it is set again. */
  set(wait: number | null): void {
    clearTimeout(this.#timer);
    if (wait === null) return;
    this.#timer = setTimeout(this.#ring, Math.min(Math.max(wait, shortestWait), longestWait)).unref();
  }
}

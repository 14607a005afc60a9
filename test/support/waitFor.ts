/** Milliseconds between two looks: short against what is waited for, long against what a look costs. */
const pause = 25;

/**
 * Calls `look` until it answers something other than undefined, null and false, and returns that answer. Throws after
 * `timeout` milliseconds with `what` and the last answer or error. For conditions that no event announces.
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  timeout = 15_000,
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + timeout;
  for (;;) {
    let last: unknown;
    try {
      const answer = await look();
      if (isMet(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`Waited ${timeout} ms for ${what}; last: ${String(last)}`, { cause: last });
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

function isMet<T>(answer: T): answer is Exclude<T, undefined | null | false> {
  return answer !== undefined && answer !== null && answer !== false;
}

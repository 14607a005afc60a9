/** The value below which the share `p` (0 to 1) of the samples lies. */
export function quantile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Milliseconds that one call takes. */
export async function time(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/**
 * Runs every candidate `rounds` times in turn, each round in another order, so that whatever else the machine does, and
 * what one candidate leaves running behind it, touches all alike.
 */
export async function inTurn<Name extends string>(
  candidates: Readonly<Record<Name, () => unknown>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(candidates) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await candidates[name](); // Warm caches, not counted.
  for (let round = 0; round < rounds; round++) {
    const order = names.map((_, index) => names[(index * stride(round, names.length) + round) % names.length]);
    for (const name of order) if (name !== undefined) samples[name].push(await time(candidates[name]));
  }
  return samples;
}

/** 1 or −1 (as a remainder), by turns: forwards and backwards, from a new place each round. */
function stride(round: number, length: number): number {
  return round % 2 === 0 ? 1 : length - 1;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

/** One line of a result: a ratio first, what it compares after it. */
export function ratioLine(what: string, value: number, base: number, aim?: string): string {
  return `${what}: ${(value / base).toFixed(2)} × (${milliseconds(value)} against ${milliseconds(base)})${aim === undefined ? "" : `; aim ${aim}`}`;
}

/** As ratioLine, of what is meant to be many times as fast. */
export function timesLine(what: string, value: number, base: number, aim?: string): string {
  return `${what}: ${(base / value).toFixed(1)} times as fast (${milliseconds(value)} against ${milliseconds(base)})${aim === undefined ? "" : `; aim ${aim}`}`;
}

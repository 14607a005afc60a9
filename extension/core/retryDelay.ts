const first = 500;
const longest = 60_000;

/**
 * How long to wait before the next try at the host, in milliseconds: doubling from half a second up to a minute, each
 * shortened by up to a half so that several profiles do not try in step. `random` is in [0, 1).
 */
export function retryDelay(failures: number, random: number): number {
  return Math.min(longest, first * 2 ** Math.max(0, failures - 1)) * (1 - random / 2);
}

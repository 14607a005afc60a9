/** Milliseconds of the quickest of ten runs: whatever else the machine does can only make one slower. */
export function quickest(work: () => unknown): number {
  const times = Array.from({ length: 10 }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return Math.min(...times);
}

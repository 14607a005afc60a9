/** In milliseconds: how often a document is looked at, and how little of its time that may take (one part in `share`). */
const often = 1000;
const share = 20;
/** A document behind others that changed nothing for so long is looked at this seldom, until something stirs in it. */
const quietAfter = 5 * 60_000;
const seldom = 10_000;

export interface Watched {
  visible: boolean;
  /** What the last look took, in milliseconds. */
  costMs: number;
  /** Since something was last seen to change, in milliseconds. */
  quietMs: number;
}

/**
 * When a document's storage is looked at again, in milliseconds: Firefox tells nobody of a page's own writes. Every second; later
 * where looking takes long, so that it never takes more than a twentieth of the page's time.
 */
export function scanDelay({ visible, costMs, quietMs }: Watched): number {
  return Math.max(isQuiet({ visible, quietMs }) ? seldom : often, costMs * share);
}

/** Whether nothing is expected of the document but what wakes it. */
export function isQuiet({ visible, quietMs }: Omit<Watched, "costMs">): boolean {
  return !visible && quietMs > quietAfter;
}

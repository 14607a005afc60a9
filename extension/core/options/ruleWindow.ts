/** Height of a row of the table, in pixels; options.css has the same. */
export const rowHeight = 36;
/** Rows drawn beyond what is seen, so that a scroll shows them at once. */
const beyond = 6;

/** The rows to be drawn, from `first` up to but not including `end`. */
export function ruleWindow(scroll: { top: number; height: number }, rows: number): { first: number; end: number } {
  const seen = Math.floor(scroll.top / rowHeight);
  const first = Math.max(0, Math.min(seen, rows - 1) - beyond);
  return { first, end: Math.min(rows, first + rowsSeen(scroll.height) + 2 * beyond + 1) };
}

/** How many rows are seen at once. */
export function rowsSeen(height: number): number {
  return Math.max(1, Math.floor(height / rowHeight));
}

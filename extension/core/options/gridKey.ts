/** A key as it went down on a cell of the table that is not being edited. */
export interface GridPress {
  key: string;
  ctrl: boolean;
  meta: boolean;
  shift: boolean;
  alt: boolean;
}

export type GridMove =
  | "left" | "right" | "up" | "down" | "pageUp" | "pageDown"
  | "rowStart" | "rowEnd" | "gridStart" | "gridEnd";

export type GridIntent = { kind: "move"; move: GridMove } | { kind: "edit" | "remove" | "undo" };

const moves: ReadonlyMap<string, GridMove> = new Map([
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["PageUp", "pageUp"],
  ["PageDown", "pageDown"],
  ["Home", "rowStart"],
  ["End", "rowEnd"],
]);

/** What a key asks for, after the WAI-ARIA practices for grids; undefined leaves it to the browser. */
export function gridKey({ key, ctrl, meta, shift, alt }: GridPress): GridIntent | undefined {
  if (alt) return undefined;
  if (ctrl || meta) {
    if (key === "Home") return { kind: "move", move: "gridStart" };
    if (key === "End") return { kind: "move", move: "gridEnd" };
    return key === "z" && !shift ? { kind: "undo" } : undefined;
  }
  if (shift) return undefined;
  const move = moves.get(key);
  if (move) return { kind: "move", move };
  if (key === "Enter" || key === "F2") return { kind: "edit" };
  return key === "Delete" ? { kind: "remove" } : undefined;
}

/** A place in a grid; row −1 is the line of titles. */
export interface GridPlace {
  row: number;
  column: number;
}

/** Where a move leads in a grid of so many rows and columns, of which `page` rows are seen at once. It stops at the edges. */
export function gridMoved(move: GridMove, from: GridPlace, size: { rows: number; columns: number; page: number }): GridPlace {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const to = target(move, from, last, Math.max(1, size.page - 1));
  return { row: clamp(to.row, -1, last.row), column: clamp(to.column, 0, last.column) };
}

function target(move: GridMove, { row, column }: GridPlace, last: GridPlace, page: number): GridPlace {
  switch (move) {
    case "left":
      return { row, column: column - 1 };
    case "right":
      return { row, column: column + 1 };
    case "up":
      return { row: row - 1, column };
    case "down":
      return { row: row + 1, column };
    case "pageUp":
      return { row: Math.max(row - page, Math.min(row, 0)), column };
    case "pageDown":
      return { row: row + page, column };
    case "rowStart":
      return { row, column: 0 };
    case "rowEnd":
      return { row, column: last.column };
    case "gridStart":
      return { row: Math.min(0, last.row), column: 0 };
    case "gridEnd":
      return last;
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}

import { describe, expect, it } from "vitest";
import { dismiss, emptyConflictBook, notify, unread } from "../../../extension/core/conflictBook.ts";
import type { Conflict } from "../../../shared/protocol/store.ts";

const conflict = (revision: number, rest: Partial<Conflict> = {}): Conflict => ({
  project: "aaaaaaaa-0000-4000-8000-000000000000", revision, at: revision * 10, by: "agent", count: 1, lost: 1,
  items: [{ kind: "cookie", domain: "app.example.com", name: "canary" }], ...rest,
});

describe("the book of conflicts", () => {
  it("has each notified of once", () => {
    const { book, fresh } = notify(emptyConflictBook, [conflict(2), conflict(1)]);
    expect(fresh).toEqual([conflict(2), conflict(1)]);
    expect(notify(book, [conflict(3), conflict(2)]).fresh).toEqual([conflict(3)]);
    expect(notify(book, [conflict(2)]).book).toBe(book);
  });

  it("has what was dismissed read for good, and nothing else", () => {
    const book = dismiss(emptyConflictBook, conflict(2));
    expect(unread(book, [conflict(3), conflict(2), conflict(1)])).toEqual([conflict(3), conflict(1)]);
    expect(unread(notify(emptyConflictBook, [conflict(2)]).book, [conflict(2)])).toEqual([conflict(2)]);
  });

  it("tells a revision that was given out again from the one before", () => {
    const book = dismiss(notify(emptyConflictBook, [conflict(2)]).book, conflict(2));
    expect(unread(book, [conflict(2, { at: 99 })])).toHaveLength(1);
    expect(notify(book, [conflict(2, { at: 99 })]).fresh).toHaveLength(1);
  });

  it("keeps no name, and no more than the last hundred", () => {
    let book = emptyConflictBook;
    for (let n = 1; n <= 150; n++) book = dismiss(notify(book, [conflict(n)]).book, conflict(n));
    expect([book.notified.length, book.dismissed.length]).toEqual([100, 100]);
    expect(unread(book, [conflict(150), conflict(51)])).toEqual([]);
    expect(JSON.stringify(book)).not.toMatch(/canary|agent|example/);
  });
});

import * as z from "zod/mini";
import type { CookieChange, ProjectId } from "../../shared/models.ts";
import type { PageMark } from "../../shared/protocol/pageStorage.ts";
import type { Mark } from "../../shared/protocol/store.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import { cookieKey } from "../../shared/cookie.ts";
import { LocalState, markOf, newLocalState, Outbox, PageOutbox } from "../core/localState.ts";
import { webext } from "./webext.ts";

const Stored = z.object({ state: z.optional(LocalState), outbox: z.optional(Outbox), pageOutbox: z.optional(PageOutbox) });

/**
 * The extension's own state, in memory and in storage.local. Reads are synchronous once `ready`; a change is in memory
 * at once and written behind it, in order.
 */
export class Local {
  readonly ready: Promise<void>;
  state: LocalState = newLocalState("");
  #outbox: Outbox = {};
  #pageOutbox: PageOutbox = {};
  #writing: Promise<void> = Promise.resolve();
  readonly #listeners: (() => void)[] = [];

  constructor() {
    this.ready = this.#load();
  }

  /** Called after every change of `state`. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  update(change: (state: LocalState) => LocalState): void {
    const before = this.state;
    this.state = change(before);
    if (this.state === before) return;
    this.#write({ state: this.state });
    for (const listener of this.#listeners) listener();
  }

  marks(project: ProjectId): readonly Mark[] {
    return this.#outbox[project] ?? [];
  }

  /** Remembers which cookies changed, for a host that cannot be told now. */
  mark(project: ProjectId, changes: readonly CookieChange[]): void {
    const marks = new Map(this.marks(project).map((mark) => [cookieKey(mark.id), mark]));
    for (const change of changes) {
      const id = change.kind === "set" ? change.cookie : change.id;
      marks.set(cookieKey(id), markOf(id, change.at, change.kind === "remove"));
    }
    this.#setMarks(project, [...marks.values()]);
  }

  /** Forgets marks the host has taken, as they were when they were sent. */
  unmark(project: ProjectId, sent: readonly Mark[]): void {
    if (sent.length === 0) return;
    const gone = new Set(sent);
    this.#setMarks(project, this.marks(project).filter((mark) => !gone.has(mark)));
  }

  /** The origin's changes that the host has not been told. */
  pageMarks(project: ProjectId, origin: string): readonly PageMark[] {
    return this.#pageOutbox[project]?.[origin] ?? [];
  }

  markPage(project: ProjectId, origin: string, changes: readonly PageMark[]): void {
    const marks = new Map([...this.pageMarks(project, origin), ...changes].map((mark) => [entryKey(mark.id), mark]));
    this.#setPageMarks(project, origin, [...marks.values()]);
  }

  /** Forgets marks the host has taken, as they were when they were sent. */
  unmarkPage(project: ProjectId, origin: string, sent: readonly PageMark[]): void {
    if (sent.length === 0) return;
    const gone = new Set(sent);
    this.#setPageMarks(project, origin, this.pageMarks(project, origin).filter((mark) => !gone.has(mark)));
  }

  /** The project's container went, and all that was in it. */
  forgetPages(project: ProjectId): void {
    if (!(project in this.#pageOutbox)) return;
    this.#pageOutbox = Object.fromEntries(Object.entries(this.#pageOutbox).filter(([id]) => id !== project));
    this.#write({ pageOutbox: this.#pageOutbox });
  }

  #setPageMarks(project: ProjectId, origin: string, marks: PageMark[]): void {
    const others = Object.entries(this.#pageOutbox[project] ?? {}).filter(([known]) => known !== origin);
    this.#pageOutbox = { ...this.#pageOutbox, [project]: Object.fromEntries(marks.length > 0 ? [...others, [origin, marks]] : others) };
    this.#write({ pageOutbox: this.#pageOutbox });
  }

  #setMarks(project: ProjectId, marks: Mark[]): void {
    this.#outbox = { ...this.#outbox, [project]: marks };
    this.#write({ outbox: this.#outbox });
  }

  async #load(): Promise<void> {
    const raw = await webext.storage.local.get(["state", "outbox", "pageOutbox"]);
    const stored = Stored.safeParse(raw);
    if (stored.success && stored.data.state) {
      this.state = stored.data.state;
      this.#outbox = stored.data.outbox ?? {};
      this.#pageOutbox = stored.data.pageOutbox ?? {};
      return;
    }
    // Unreadable state is kept aside: containers it names can still be adopted by hand.
    if (!stored.success) this.#write({ unreadable: raw });
    this.state = newLocalState(crypto.randomUUID());
    this.#write({ state: this.state });
  }

  #write(values: Record<string, unknown>): void {
    this.#writing = this.#writing
      .then(() => webext.storage.local.set(values))
      .catch((error: unknown) => {
        console.error("Stead could not write its state", error);
      });
  }
}

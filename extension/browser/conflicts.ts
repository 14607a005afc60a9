import * as z from "zod/mini";
import type { Conflict, Registry } from "../../shared/protocol/store.ts";
import { ConflictBook, dismiss, emptyConflictBook, notify, unread } from "../core/conflictBook.ts";
import { numbered, text } from "../ui/text.ts";
import { hideBadge, showBadge } from "./badge.ts";
import type { Local } from "./local.ts";
import { webext } from "./webext.ts";

const key = "conflicts";
const notificationId = "conflict";
const Stored = z.object({ [key]: z._default(ConflictBook, emptyConflictBook) });

/**
 * Tells of items that a program and someone else had both changed: with a notification once in each profile, a mark on the
 * toolbar button and a line in the popup until it is dismissed. To be made before anything is awaited.
 */
export class Conflicts {
  readonly #local: Local;
  readonly #onChange: () => void;
  readonly #ready: Promise<void>;
  #book: ConflictBook = emptyConflictBook;
  #conflicts: readonly Conflict[] = [];
  /** Undefined: as it was left, before this page was last woken. */
  #marked: boolean | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** `onChange` is called when what is unread has changed. */
  constructor(local: Local, onChange: () => void) {
    this.#local = local;
    this.#onChange = onChange;
    this.#ready = this.#load();
    webext.notifications.onClicked.addListener((id) => {
      if (id !== notificationId) return;
      void webext.notifications.clear(id);
      // Where it may not be opened, the mark on its button is there.
      void webext.action.openPopup().catch(() => undefined);
    });
  }

  /** The store's word; what is known of its projects must have been taken before. */
  async take({ conflicts = [] }: Pick<Registry, "conflicts">): Promise<void> {
    await this.#ready;
    this.#conflicts = conflicts;
    const { book, fresh } = notify(this.#book, conflicts);
    this.#keep(book);
    this.#mark();
    const [newest] = unread(book, fresh);
    if (newest) this.#notify(newest);
  }

  /** The newest that was not dismissed. */
  async first(): Promise<Conflict | null> {
    await this.#ready;
    return this.#unread[0] ?? null;
  }

  async dismiss({ project, revision }: Pick<Conflict, "project" | "revision">): Promise<void> {
    await this.#ready;
    const conflict = this.#conflicts.find((one) => one.project === project && one.revision === revision);
    if (!conflict) return;
    this.#keep(dismiss(this.#book, conflict));
    void webext.notifications.clear(notificationId).catch(() => undefined);
    this.#mark();
    this.#onChange();
  }

  get #unread(): readonly Conflict[] {
    return unread(this.#book, this.#conflicts);
  }

  #mark(): void {
    const marked = this.#unread.length > 0;
    if (marked === this.#marked) return;
    this.#marked = marked;
    (marked ? showBadge({}) : hideBadge({})).catch((error: unknown) => console.error("Stead could not mark its button", error));
  }

  #notify({ by, project, count }: Conflict): void {
    const name = this.#local.state.projects.find(({ id }) => id === project)?.name ?? "";
    webext.notifications
      .create(notificationId, {
        type: "basic",
        iconUrl: webext.runtime.getURL("icons/stead-96.png"),
        title: text("extName"),
        message: text(numbered("conflictItems", count), by, name, count),
      })
      // Where the system has no notifications the mark and the popup's line are there.
      .catch(() => undefined);
  }

  #keep(book: ConflictBook): void {
    if (book === this.#book) return;
    this.#book = book;
    this.#writing = this.#writing
      .then(() => webext.storage.local.set({ [key]: book }))
      .catch((error: unknown) => console.error("Stead could not remember what it told of conflicts", error));
  }

  async #load(): Promise<void> {
    const stored = Stored.safeParse(await webext.storage.local.get(key));
    if (stored.success) this.#book = stored.data[key];
  }
}

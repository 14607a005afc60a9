import * as z from "zod/mini";
import type { Project } from "../../shared/models.ts";
import { Notice } from "../../shared/protocol/popup.ts";
import { parseUrl } from "../../shared/rules/parseUrl.ts";
import { hideBadge, showBadge } from "./badge.ts";
import type { Local } from "./local.ts";
import type { PageEvents } from "./pageEvents.ts";
import { webext } from "./webext.ts";

const key = "notices";
const prefix = "notice:";
/** Which tab was told of which host already; the oldest are forgotten. */
const toldKept = 200;

const State = z.object({ shown: z.record(z.string(), Notice), told: z.array(z.string()) });
const Stored = z.object({ [key]: z._default(State, { shown: {}, told: [] }) });

/**
 * Tells what a person should see and has no page: a mark on the toolbar button of its tab, a line in the popup, and once
 * for each tab and host a notification. It is gone when the tab goes elsewhere. To be made before anything is awaited.
 */
export class Notices {
  readonly #local: Local;
  readonly #onChange: () => void;
  readonly #ready: Promise<void>;
  readonly #shown = new Map<number, Notice>();
  readonly #told = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  /** `onChange` is called when a tab's notice came or went. */
  constructor(local: Local, pages: PageEvents, onChange: () => void) {
    this.#local = local;
    this.#onChange = onChange;
    this.#ready = this.#load();
    const stands = (tab: number, url: string): void => void this.#ready.then(() => this.#stands(tab, url));
    pages.onCommitted(stands);
    // Firefox may take the mark away only now: it hears of the new page by another way.
    pages.onCompleted(stands);
    webext.tabs.onRemoved.addListener((tab) => {
      void this.#ready.then(() => this.dismiss(tab));
    });
    webext.notifications.onClicked.addListener((id) => {
      const tab = Number(id.slice(prefix.length));
      if (id.startsWith(prefix)) void showTab(tab).catch(() => undefined);
    });
  }

  show(tab: number, notice: Notice): void {
    void this.#ready.then(async () => {
      await this.#local.ready;
      this.#shown.set(tab, notice);
      this.#mark(tab);
      const told = `${tab} ${notice.host}`;
      if (!this.#told.has(told)) {
        this.#told.add(told);
        for (const oldest of [...this.#told].slice(0, Math.max(0, this.#told.size - toldKept))) this.#told.delete(oldest);
        notify(tab, notice, this.#local.state.projects);
      }
      this.#changed();
    });
  }

  /** What the tab's user has not dismissed. */
  async of(tab: number | undefined): Promise<Notice | null> {
    await this.#ready;
    return (tab === undefined ? undefined : this.#shown.get(tab)) ?? null;
  }

  dismiss(tab: number): void {
    if (!this.#shown.delete(tab)) return;
    void hideBadge({ tabId: tab }).catch(() => undefined);
    void webext.notifications.clear(noticeId(tab)).catch(() => undefined);
    this.#changed();
  }

  /** Firefox takes a tab's mark away with the page that was there; what stands there now is what the notice is about, or not. */
  #stands(tab: number, url: string): void {
    const notice = this.#shown.get(tab);
    if (notice === undefined) return;
    const { host, hostname } = parseUrl(url) ?? { host: "", hostname: "" };
    if (notice.host === host || notice.host === hostname) this.#mark(tab);
    else this.dismiss(tab);
  }

  #mark(tab: number): void {
    // The tab may be closed by now.
    showBadge({ tabId: tab }).catch(() => undefined);
  }

  #changed(): void {
    const state: z.infer<typeof State> = { shown: Object.fromEntries(this.#shown), told: [...this.#told] };
    this.#writing = this.#writing
      .then(() => webext.storage.session.set({ [key]: state }))
      .catch((error: unknown) => console.error("Stead could not keep its notices", error));
    this.#onChange();
  }

  async #load(): Promise<void> {
    const stored = Stored.safeParse(await webext.storage.session.get(key));
    if (!stored.success) return;
    for (const [tab, notice] of Object.entries(stored.data[key].shown)) this.#shown.set(Number(tab), notice);
    for (const told of stored.data[key].told) this.#told.add(told);
  }
}

const messages: Readonly<Record<Notice["kind"], string>> = { postLeft: "noticePostLeft", popupLeft: "noticePopupLeft", notRestored: "noticeNotRestored" };

function notify(tab: number, notice: Notice, projects: readonly Project[]): void {
  const { getMessage } = webext.i18n;
  const project = projects.find(({ id }) => id === notice.project)?.name ?? "";
  webext.notifications
    .create(noticeId(tab), {
      type: "basic",
      iconUrl: webext.runtime.getURL("icons/stead-96.png"),
      title: getMessage("extName"),
      message: getMessage(messages[notice.kind], [notice.host, project]),
    })
    // Where the system has no notifications the mark and the popup's line are there.
    .catch(() => undefined);
}

async function showTab(tab: number): Promise<void> {
  const { windowId } = await webext.tabs.update(tab, { active: true });
  if (windowId !== undefined) await webext.windows.update(windowId, { focused: true });
}

function noticeId(tab: number): string {
  return `${prefix}${tab}`;
}

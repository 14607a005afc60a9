import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { parseLink } from "../../shared/link.ts";
import type { ProjectId } from "../../shared/models.ts";
import { type PageAnswer, type PageContent, pageEvents, pageMethods, type PageState } from "../../shared/protocol/page.ts";
import { Peer } from "../../shared/wire/peer.ts";
import { projectOf } from "../core/localState.ts";
import { firstChoice } from "../core/page/firstChoice.ts";
import { Questions, withoutQuestion, withQuestion } from "../core/page/questions.ts";
import { rememberedPattern } from "../core/page/rememberedPattern.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { Local } from "./local.ts";
import type { LocalRules } from "./localRules.ts";
import type { Opener } from "./opener.ts";
import { portChannel } from "./portChannel.ts";
import type { Router } from "./router.ts";
import { webext } from "./webext.ts";

const key = "questions";
const Stored = z.object({ [key]: z._default(Questions, {}) });

interface Parts {
  local: Local;
  rules: LocalRules;
  host: Pick<HostConnection, "live" | "call">;
  opener: Opener;
  /** Made later. */
  router: () => Pick<Router, "open">;
}

/**
 * Stead's own pages in tabs: questions and explanations. What they show is kept in storage.session, which is gone with
 * Firefox: their address names it, for addresses are kept in the history.
 */
export class Pages {
  readonly #parts: Parts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Shows it in the tab itself, or (`keep`: the tab has a page and stays) in a new one beside it. `from`: the page that
   * asked for the address, so that opening it is not taken for the site's own doing.
   */
  async show(content: PageContent, tab: browser.tabs.Tab, { keep, from }: { keep: boolean; from?: string | undefined }): Promise<void> {
    const id = await this.#ask(content, from);
    const url = webext.runtime.getURL(`page/page.html?id=${id}`);
    if (!keep && tab.id !== undefined) {
      await webext.tabs.update(tab.id, { url, loadReplace: true });
      return;
    }
    const { id: openerTabId, index, windowId, cookieStoreId, active } = tab;
    await webext.tabs.create({
      url,
      active,
      index: index + 1,
      ...(openerTabId !== undefined && { openerTabId }),
      ...(windowId !== undefined && { windowId }),
      ...(cookieStoreId !== undefined && { cookieStoreId }),
    });
  }

  accept(port: browser.runtime.Port): void {
    const at = port.sender?.tab?.id;
    // A web page can get an ext+stead link's page into a frame, and must not have its visitors click there.
    if (at === undefined || port.sender?.frameId !== 0) {
      port.disconnect();
      return;
    }
    // A peer lives as long as its port; the background page calls nothing.
    new Peer({
      channel: portChannel(port),
      side: "background",
      version: webext.runtime.getManifest().version,
      serves: pageMethods,
      handlers: {
        "page.state": async ({ id }) => this.#state(id, await webext.tabs.get(at)),
        "page.answer": async ({ id, answer, keep }) => {
          await this.#answer(id, answer, await webext.tabs.get(at), keep ?? false);
          return {};
        },
        "page.link": async ({ link, keep }) => ({ id: await this.#link(link, at, keep ?? false) }),
      },
      calls: pageEvents,
    });
  }

  async #state(id: string, tab: browser.tabs.Tab): Promise<PageState> {
    const { local } = this.#parts;
    const [questions] = await Promise.all([this.#questions(), local.ready]);
    const content = questions[id]?.content ?? null;
    const here = projectOf(local.state, tab.cookieStoreId) ?? null;
    return {
      content,
      projects: local.state.projects,
      here,
      first: content?.kind === "choose" ? firstChoice(content, here, local.state) : null,
      remembers: (content && rememberedPattern(content)) ?? null,
    };
  }

  async #answer(id: string, answer: PageAnswer, tab: browser.tabs.Tab, keep: boolean): Promise<void> {
    if (answer.kind === "close") {
      if (!keep) await closeTab(tab);
    } else {
      const { content, from } = (await this.#questions())[id] ?? {};
      if (content === undefined || !("url" in content)) {
        throw new SteadError("conflict", "This question was answered already.", { hint: "Close this page." });
      }
      if (answer.remember && answer.project !== null && content.kind === "choose") await this.#remember(content, answer.project);
      await this.#parts.opener.instead(tab, content.url, answer.project, { keep, from });
    }
    await this.#change((questions) => withoutQuestion(questions, id));
  }

  async #remember(content: Extract<PageContent, { kind: "choose" }>, project: ProjectId): Promise<void> {
    const { rules } = this.#parts;
    const pattern = rememberedPattern(content);
    if (pattern === undefined) return;
    // An answer holds among the projects that rules name for the pattern: another becomes one of them.
    if (!content.projects.includes(project)) await rules.change({ put: [{ project, pattern, ask: false }], remove: [] });
    if (content.pattern !== null) await rules.setSettings({ answers: { ...rules.settings.answers, [pattern]: project } });
  }

  /** The question it became; null when it was opened: only a link that this user signed is. */
  async #link(text: string, at: number, keep: boolean): Promise<string | null> {
    const { url, project, signed } = await this.#read(text);
    if (!signed) return this.#ask({ kind: "choose", url, why: "link", projects: [], pattern: null }, null);
    await this.#parts.router().open(url, project);
    if (!keep) await closeTab(await webext.tabs.get(at));
    return null;
  }

  async #read(link: string): Promise<{ url: string; project: ProjectId | null; signed: boolean }> {
    const { host } = this.#parts;
    // Refused here already where it is none: what the host is asked for is well formed.
    const { url } = parseLink(link);
    const unsigned = { url, project: null, signed: false };
    if (!host.live) return unsigned;
    try {
      return await host.call("link.read", { link });
    } catch (error) {
      if (error instanceof SteadError && error.code === "badLink") throw error;
      return unsigned;
    }
  }

  async #ask(content: PageContent, from: string | null | undefined): Promise<string> {
    const id = crypto.randomUUID();
    const origin = from?.startsWith("http") === true ? new URL(from).origin : from;
    await this.#change((questions) => withQuestion(questions, id, content, Date.now(), origin));
    return id;
  }

  async #questions(): Promise<Questions> {
    await this.#last;
    const stored = Stored.safeParse(await webext.storage.session.get(key));
    return stored.success ? stored.data[key] : {};
  }

  /** One change after the other: each reads what the one before wrote. */
  #change(change: (questions: Questions) => Questions): Promise<void> {
    const before = this.#questions();
    const done = before.then((questions) => webext.storage.session.set({ [key]: change(questions) }));
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** The last tab would take its window with it, and the last window Firefox. */
async function closeTab(tab: browser.tabs.Tab): Promise<void> {
  if (tab.id === undefined) return;
  if (tab.windowId !== undefined) {
    const shown = await webext.tabs.query({ windowId: tab.windowId, hidden: false });
    if (shown.every(({ id }) => id === tab.id)) await webext.tabs.create({ windowId: tab.windowId });
  }
  await webext.tabs.remove(tab.id);
}

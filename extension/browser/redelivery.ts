import type { ProjectId } from "../../shared/models.ts";
import type { Notice } from "../../shared/protocol/popup.ts";
import { type PostOrder, PostRequest } from "../../shared/protocol/post.ts";
import { type FormEncoding, formEncoding } from "../core/moved/formEncoding.ts";
import { type FormFields, formFields } from "../core/moved/formFields.ts";
import { initiatorOf } from "../core/moved/initiator.ts";
import type { Header, SeenHeaders } from "../core/moved/movedHeaders.ts";
import { readSeenHeaders } from "../core/moved/readSeenHeaders.ts";
import type { PageRequest } from "../core/routing/pageRequest.ts";
import type { Local } from "./local.ts";
import { MovedRequests } from "./movedRequests.ts";
import { PassingListeners } from "./passingListeners.ts";
import type { Placer } from "./placer.ts";
import { webext } from "./webext.ts";

type Answer = browser.webRequest.BlockingResponse;

/** How long a form is held for its page, in milliseconds. */
const heldFor = 60_000;

/** A form whose own request is still to show its headers. */
interface Waiting {
  tab: browser.tabs.Tab;
  request: PageRequest;
  project: ProjectId;
  keep: boolean;
  fields: FormFields;
}

/** A form that the page in the project's container will send. */
interface Held extends Pick<Waiting, "request" | "project" | "fields"> {
  encoding: FormEncoding;
  seen: SeenHeaders | undefined;
}

/** Delivers a request again in another container, looking to the site as it would have from the first. */
export class Redelivery {
  readonly #local: Local;
  readonly #placer: Pick<Placer, "put">;
  readonly #onLeft: (tab: number, notice: Notice) => void;
  readonly #moved = new MovedRequests();
  readonly #waiting = new Map<string, Waiting>();
  readonly #held = new Map<string, Held>();
  readonly #listeners = new PassingListeners(
    ({ requestId, requestHeaders }) => this.#decide(requestId, requestHeaders ?? []),
    (requestId) => this.#missed(requestId),
    (requestId) => this.#forget(requestId),
  );

  /** `onLeft`: a form that deliver() took could not be delivered after all, and went on where it was. */
  constructor(local: Local, placer: Pick<Placer, "put">, onLeft: (tab: number, notice: Notice) => void) {
    this.#local = local;
    this.#placer = placer;
    this.#onLeft = onLeft;
    webext.runtime.onMessage.addListener((message: unknown, sender) => {
      const request = PostRequest.safeParse(message);
      return request.success && isPostPage(sender) ? this.#take(request.data.take, sender) : undefined;
    });
  }

  /** Whether a form's request can be delivered by a page of ours, as far as its fields say: at most 64 KiB, and in an order that is known. */
  takes(request: PageRequest): boolean {
    return request.method === "POST" && request.formData !== undefined && formFields(request.formData) !== undefined;
  }

  /**
   * Opens a page in the project's container, where the tab stands, that sends the form's fields itself. Answers what
   * onBeforeRequest is to answer: a provider's callback (`isCallback`), which is always urlencoded (OAuth 2.0 Form Post
   * Response Mode section 2), is stopped here and now; any other form goes on to the next event, which shows how it is
   * encoded and whether it has files, and is stopped there, before the network.
   */
  async deliver(tab: browser.tabs.Tab, request: PageRequest, project: ProjectId, { keep, isCallback }: { keep: boolean; isCallback: boolean }): Promise<Answer> {
    const fields = request.formData === undefined ? undefined : formFields(request.formData);
    if (fields === undefined) return this.#leave(request, project);
    const waiting: Waiting = { tab, request, project, keep, fields };
    if (isCallback) return this.#place(waiting, "application/x-www-form-urlencoded", undefined);
    this.#waiting.set(request.requestId, waiting);
    await this.#listeners.on();
    return {};
  }

  /**
   * Before a GET is moved: the one request for this address that follows carries what the first would have carried, so
   * no SameSite=Strict cookie when another site asked for it. Without it an extension's navigation counts as the site's
   * own. `tab`: where the first was asked for, if it is still there.
   */
  expect(request: PageRequest, project: ProjectId | null, tab: browser.tabs.Tab | undefined): void {
    const { url, method, redirectedFrom = [], originUrl } = request;
    const container = project === null ? "firefox-default" : this.#containerOf(project);
    const initiator = originUrl === undefined ? mayBePage(tab).then((may) => initiatorOf(undefined, may)) : initiatorOf(originUrl, true);
    void this.#moved.expect({ url, method, container, initiator, from: redirectedFrom, seen: undefined });
  }

  /**
   * The same for an address that a person has opened where they chose: `from` is the page whose link it was, null when
   * that is not known, undefined when it was nobody's. `container` is undefined when it is still to be made.
   */
  expectChosen(url: string, container: string | undefined, from: string | null | undefined): void {
    const initiator = from === null ? initiatorOf(undefined, true) : initiatorOf(from, false);
    void this.#moved.expect({ url, method: "GET", container, initiator, from: [], seen: undefined });
  }

  #decide(requestId: string, headers: readonly Header[]): Answer | Promise<Answer> {
    const waiting = this.#forget(requestId);
    if (waiting === undefined) return {};
    const { type, length, seen } = readSeenHeaders(headers);
    const encoding = formEncoding(type, length, waiting.fields);
    return encoding === undefined ? this.#leave(waiting.request, waiting.project) : this.#place(waiting, encoding, seen);
  }

  /** It ended without having come to its headers: a service worker answered. */
  #missed(requestId: string): void {
    const waiting = this.#forget(requestId);
    if (waiting !== undefined) this.#leave(waiting.request, waiting.project);
  }

  #forget(requestId: string): Waiting | undefined {
    const waiting = this.#waiting.get(requestId);
    this.#waiting.delete(requestId);
    if (this.#waiting.size === 0) this.#listeners.off();
    return waiting;
  }

  async #place({ tab, request, project, keep, fields }: Waiting, encoding: FormEncoding, seen: SeenHeaders | undefined): Promise<Answer> {
    const id = crypto.randomUUID();
    this.#held.set(id, { request, project, fields, encoding, seen });
    setTimeout(() => this.#held.delete(id), heldFor);
    try {
      // First opened, then stopped: what cannot be opened is not lost.
      await this.#placer.put(tab, `${postPage()}#${id}`, project, { keep });
      return { cancel: true };
    } catch (error) {
      this.#held.delete(id);
      console.error("Stead could not open a page to send a form on", error);
      return this.#leave(request, project);
    }
  }

  #leave(request: PageRequest, project: ProjectId): Answer {
    this.#onLeft(request.tab, { kind: "postLeft", host: new URL(request.url).host, project });
    return {};
  }

  async #take(id: string, sender: browser.runtime.MessageSender): Promise<PostOrder> {
    const held = this.#held.get(id);
    const container = sender.tab?.cookieStoreId;
    if (held === undefined || container === undefined || this.#containerOf(held.project) !== container) return { kind: "lost" };
    this.#held.delete(id);
    const { request, fields, encoding, seen } = held;
    const { url, method, originUrl, redirectedFrom = [] } = request;
    // No person types a form.
    const initiator = initiatorOf(originUrl, true);
    await this.#moved.expect({ url, method, container, initiator, from: redirectedFrom, seen });
    return { kind: "send", action: url, encoding, fields: fields.map(([name, value]) => [name, value]) };
  }

  #containerOf(project: ProjectId): string | undefined {
    return this.#local.state.containers[project]?.cookieStoreId;
  }
}

/** Whether a page may have asked for what nobody is named for: a sandboxed one is not named. Another program's tab is empty, and no pop-up. */
async function mayBePage(tab: browser.tabs.Tab | undefined): Promise<boolean> {
  if (tab?.windowId === undefined || tab.openerTabId !== undefined || !/^(about:(blank|newtab|home)|$)/.test(tab.url ?? "")) return true;
  const window = await webext.windows.get(tab.windowId).catch(() => undefined);
  return window?.type !== "normal";
}

function postPage(): string {
  return webext.runtime.getURL("post/post.html");
}

function isPostPage(sender: browser.runtime.MessageSender): boolean {
  return sender.id === webext.runtime.id && sender.url?.split("#", 1)[0] === postPage();
}

import { PostRequest, type PostOrder } from "../../shared/protocol/post.ts";
import type { ProjectId } from "../../shared/models.ts";
import type { Notice } from "../../shared/protocol/popup.ts";
import { type FormEncoding, formEncoding } from "../core/moved/formEncoding.ts";
import { type FormFields, formFields } from "../core/moved/formFields.ts";
import { type Initiator, initiatorOf } from "../core/moved/initiator.ts";
import { type Header, type HeldCookie, holdsBack, type MovedRequest, movedHeaders, type SeenHeaders } from "../core/moved/movedHeaders.ts";
import { readSeenHeaders } from "../core/moved/readSeenHeaders.ts";
import { isSameTarget } from "../core/moved/isSameTarget.ts";
import type { PageRequest } from "../core/routing/pageRequest.ts";
import type { Local } from "./local.ts";
import type { Placer } from "./placer.ts";
import { webext } from "./webext.ts";

type BeforeSendDetails = browser.webRequest._OnBeforeSendHeadersDetails;
type Response = browser.webRequest.BlockingResponse;

/** How long a form is held for its page, and a moved request waited for, in milliseconds. */
const heldFor = 60_000;
const pages: browser.webRequest.RequestFilter = { urls: ["<all_urls>"], types: ["main_frame"] };
/** cookies.getAll throws without a `firstPartyDomain` where first-party isolation is on; null asks for all, which the types do not know. */
const anyDomain = null as unknown as string;

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

/** A request of ours that is to look like the one it replaces. */
interface Expected {
  url: string;
  method: string;
  /** Undefined for one that is still to be made. */
  container: string | undefined;
  initiator: Initiator | Promise<Initiator>;
  /** The addresses that redirected to it so far. */
  from: readonly string[];
  seen: SeenHeaders | undefined;
  wasCrossSite: boolean;
  /** Undefined until it comes; redirects keep it. */
  requestId: string | undefined;
}

/** Delivers a request again in another container, looking to the site as it would have from the first. */
export class Redelivery {
  readonly #local: Local;
  readonly #placer: Pick<Placer, "put">;
  readonly #onLeft: (tab: number, notice: Notice) => void;
  readonly #waiting = new Map<string, Waiting>();
  readonly #held = new Map<string, Held>();
  readonly #expected = new Set<Expected>();
  #isListening = false;

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
  async deliver(tab: browser.tabs.Tab, request: PageRequest, project: ProjectId, { keep, isCallback }: { keep: boolean; isCallback?: boolean }): Promise<Response> {
    const fields = request.formData === undefined ? undefined : formFields(request.formData);
    if (fields === undefined) return this.#leave(request, project);
    const waiting: Waiting = { tab, request, project, keep, fields };
    if (isCallback === true) return this.#place(waiting, "application/x-www-form-urlencoded", undefined);
    this.#waiting.set(request.requestId, waiting);
    await this.#listen();
    return {};
  }

  /**
   * Before a GET is moved: the one request for this address that follows carries what the first would have carried, so
   * no SameSite=Strict cookie when another site asked for it. Without it an extension's navigation counts as the site's
   * own. `tab`: where the first was asked for.
   */
  expect(request: PageRequest, project: ProjectId | null, tab: browser.tabs.Tab | undefined): void {
    const { url, method, redirectedFrom = [], originUrl } = request;
    const initiator = originUrl === undefined ? mayBePage(tab).then((may) => initiatorOf(undefined, may)) : initiatorOf(originUrl, true);
    const container = project === null ? "firefox-default" : this.#local.state.containers[project]?.cookieStoreId;
    this.#expect({ url, method, container, initiator, from: redirectedFrom, seen: undefined, wasCrossSite: false, requestId: undefined });
    void this.#listen();
  }

  async #place({ tab, request, project, keep, fields }: Waiting, encoding: FormEncoding, seen: SeenHeaders | undefined): Promise<Response> {
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

  #leave(request: PageRequest, project: ProjectId): Response {
    this.#onLeft(request.tab, { kind: "postLeft", host: new URL(request.url).host, project });
    return {};
  }

  async #take(id: string, sender: browser.runtime.MessageSender): Promise<PostOrder> {
    const held = this.#held.get(id);
    const container = sender.tab?.cookieStoreId;
    if (held === undefined || container === undefined || this.#local.state.containers[held.project]?.cookieStoreId !== container) return { kind: "lost" };
    this.#held.delete(id);
    const { request, fields, encoding, seen } = held;
    const { url, method, originUrl, redirectedFrom = [] } = request;
    this.#expect({
      url,
      method,
      container,
      // No person types a form.
      initiator: initiatorOf(originUrl, true),
      from: redirectedFrom,
      seen,
      wasCrossSite: seen?.site === "cross-site",
      requestId: undefined,
    });
    await this.#listen();
    return { kind: "send", action: url, encoding, fields: fields.map(([name, value]) => [name, value]) };
  }

  #expect(expected: Expected): void {
    this.#expected.add(expected);
    setTimeout(() => {
      if (expected.requestId === undefined) this.#drop(expected);
    }, heldFor);
  }

  /** Answers when Firefox has the listeners: what is asked of it after them is done after them. */
  async #listen(): Promise<void> {
    if (!this.#isListening) {
      this.#isListening = true;
      webext.webRequest.onBeforeSendHeaders.addListener(this.#onHeaders, pages, ["blocking", "requestHeaders"]);
      webext.webRequest.onCompleted.addListener(this.#onEnd, pages);
      webext.webRequest.onErrorOccurred.addListener(this.#onEnd, pages);
    }
    await webext.runtime.getPlatformInfo();
  }

  #drop(expected: Expected): void {
    this.#expected.delete(expected);
    this.#rest();
  }

  #rest(): void {
    if (!this.#isListening || this.#expected.size > 0 || this.#waiting.size > 0) return;
    this.#isListening = false;
    webext.webRequest.onBeforeSendHeaders.removeListener(this.#onHeaders);
    webext.webRequest.onCompleted.removeListener(this.#onEnd);
    webext.webRequest.onErrorOccurred.removeListener(this.#onEnd);
  }

  readonly #onHeaders = (details: BeforeSendDetails): Response | Promise<Response> => {
    const waiting = this.#waiting.get(details.requestId);
    if (waiting !== undefined) return this.#decide(waiting, details.requestHeaders ?? []);
    const expected = this.#match(details);
    return expected === undefined ? {} : this.#dress(expected, details);
  };

  readonly #onEnd = ({ requestId }: { requestId: string }): void => {
    const waiting = this.#waiting.get(requestId);
    if (waiting !== undefined) {
      // It never came to its headers: a service worker answered.
      this.#waiting.delete(requestId);
      this.#leave(waiting.request, waiting.project);
    }
    for (const expected of this.#expected) if (expected.requestId === requestId) this.#expected.delete(expected);
    this.#rest();
  };

  #decide(waiting: Waiting, headers: readonly Header[]): Response | Promise<Response> {
    const { requestId } = waiting.request;
    this.#waiting.delete(requestId);
    const { type, length, seen } = readSeenHeaders(headers);
    const encoding = formEncoding(type, length, waiting.fields);
    if (encoding === undefined) return this.#leave(waiting.request, waiting.project);
    return this.#place(waiting, encoding, seen);
  }

  /** Only our own navigations: a person's in the same container is none of this. */
  #match(details: BeforeSendDetails): Expected | undefined {
    const { requestId, url, method, cookieStoreId, originUrl } = details;
    const known = [...this.#expected].find((expected) => expected.requestId === requestId);
    if (known !== undefined) return known;
    if (originUrl?.startsWith(webext.runtime.getURL("")) !== true) return undefined;
    const found = [...this.#expected].find(
      (expected) =>
        expected.requestId === undefined &&
        expected.method === method &&
        (expected.container === undefined || expected.container === cookieStoreId) &&
        isSameTarget(expected.url, url),
    );
    if (found !== undefined) found.requestId = requestId;
    return found;
  }

  async #dress(expected: Expected, { url, method, requestHeaders, cookieStoreId }: BeforeSendDetails): Promise<Response> {
    const initiator = await expected.initiator;
    const moved: MovedRequest = { url, method, initiator, from: expected.from, seen: expected.seen, wasCrossSite: expected.wasCrossSite };
    const cookies = holdsBack(moved) ? await heldCookies(url, cookieStoreId) : undefined;
    expected.from = [...expected.from, new URL(url).origin];
    expected.seen = undefined;
    return { requestHeaders: movedHeaders(requestHeaders ?? [], moved, cookies) };
  }
}

async function heldCookies(url: string, storeId: string | undefined): Promise<HeldCookie[] | undefined> {
  try {
    const cookies = await webext.cookies.getAll({ url, ...(storeId !== undefined && { storeId }), partitionKey: {}, firstPartyDomain: anyDomain });
    return cookies.map(({ name, value, sameSite }) => ({ name, value, sameSite }));
  } catch (error) {
    console.error("Stead could not look at a page's cookies, and sends none", error);
    return undefined;
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

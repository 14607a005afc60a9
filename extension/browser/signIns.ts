import * as z from "zod/mini";
import { decide } from "../../shared/rules/decide.ts";
import type { PageRequest } from "../core/routing/pageRequest.ts";
import { type AuthorizationRequest, readAuthorizationRequest } from "../core/signIn/authorizationRequest.ts";
import { judgeCallback } from "../core/signIn/judgeCallback.ts";
import { SignInBook } from "../core/signIn/signInBook.ts";
import { readCallback, type SignInCallback } from "../core/signIn/signInCallback.ts";
import { SignInRecord } from "../core/signIn/signInRecord.ts";
import type { SignInVerdict } from "../core/signIn/signInVerdict.ts";
import type { Local } from "./local.ts";
import type { LocalRules } from "./localRules.ts";
import { webext } from "./webext.ts";

const key = "signIns";
const Stored = z.object({ [key]: z.optional(z.object({ salt: z.string(), records: z.array(SignInRecord) })) });

/** How long a verdict is kept for a second event of its request, in milliseconds. */
const echo = 10_000;

/**
 * The sign-in flows under way: records those that leave a project, recognises their callbacks. The records are in memory
 * and in storage.session, which outlives the event page's sleep and no restart of Firefox.
 */
export class SignIns {
  readonly ready: Promise<void>;
  readonly #local: Local;
  readonly #rules: Pick<LocalRules, "ready" | "index">;
  #book: SignInBook | undefined;
  #salt = "";
  #writing: Promise<void> = Promise.resolve();
  /** By request and address: Firefox tells of one request twice where a service worker is registered. */
  readonly #answered = new Map<string, Promise<SignInVerdict>>();

  constructor(local: Local, rules: Pick<LocalRules, "ready" | "index">) {
    this.#local = local;
    this.#rules = rules;
    this.ready = this.#load();
  }

  /** Called for every page request; synchronous, and without effect, for pages that are no part of any flow. */
  judge(request: PageRequest): SignInVerdict | Promise<SignInVerdict> {
    const book = this.#book;
    // The page was just woken: a flow may be under way in this tab.
    if (book === undefined) return this.ready.then(() => this.judge(request));
    const callback = readCallback(request);
    if (callback !== undefined) {
      const recorded = book.records.some(({ redirect, state }) => redirect === callback.address || state === null);
      if (recorded) return this.#once(request, () => this.#judgeCallback(book, request, callback));
      const { verdict } = judgeCallback({ ...this.#unmatched(request, callback), records: [] });
      if (verdict.kind !== "none") return verdict;
    }
    return this.#judgeOther(book, request);
  }

  #judgeOther(book: SignInBook, request: PageRequest): SignInVerdict | Promise<SignInVerdict> {
    const flow = request.project === undefined ? undefined : readAuthorizationRequest(request, (url) => decidesProject(this.#rules, url));
    if (flow !== undefined) return this.#once(request, () => this.#record(book, request, flow));
    if (book.records.length === 0) return none;
    const before = book.records;
    if (!book.follow(request)) return none;
    if (book.records !== before) void this.#write(book);
    return stay;
  }

  async #record(book: SignInBook, request: PageRequest, { state, ...flow }: AuthorizationRequest): Promise<SignInVerdict> {
    if (request.project === undefined) return none;
    const hashed = state === undefined ? undefined : { hash: await this.#hash(state), length: state.length };
    book.begin({ flow, state: hashed, request, project: request.project });
    // Before the answer can come: by then the page may have slept.
    await this.#write(book);
    return stay;
  }

  async #judgeCallback(book: SignInBook, request: PageRequest, callback: SignInCallback): Promise<SignInVerdict> {
    const state = callback.state === undefined ? undefined : await this.#hash(callback.state);
    const hasOpener = await this.#hasOpener(book, request, state);
    // Nothing is awaited between reading the records and noting the use: of two requests with one state one wins.
    book.prune(request.at);
    const { verdict, use } = judgeCallback({
      ...this.#unmatched(request, callback),
      state,
      hasOpener,
      records: book.records.filter(({ project, container }) => this.#local.state.containers[project]?.cookieStoreId === container),
    });
    if (use !== undefined) {
      book.use(use, request.at);
      await this.#write(book);
    }
    return verdict.kind === "none" ? this.#judgeOther(book, request) : verdict;
  }

  #unmatched(request: PageRequest, callback: SignInCallback) {
    const isShared = decide(this.#rules.index, request.url).kind === "ask";
    return { request, callback, state: callback.state, hasOpener: false, isShared };
  }

  /** Only asked where a flow could be moved. */
  async #hasOpener(book: SignInBook, request: PageRequest, state: string | undefined): Promise<boolean> {
    const concerns = book.records.some((record) => (record.state === state || record.state === null) && record.container !== request.cookieStoreId);
    if (!concerns) return false;
    const tab = await webext.tabs.get(request.tab).catch(() => undefined);
    return tab?.openerTabId !== undefined;
  }

  #once(request: PageRequest, work: () => Promise<SignInVerdict>): Promise<SignInVerdict> {
    const name = `${request.requestId} ${request.url}`;
    const known = this.#answered.get(name);
    if (known !== undefined) return known;
    const verdict = work();
    this.#answered.set(name, verdict);
    // The address holds a code: it is not kept longer than needed.
    setTimeout(() => this.#answered.delete(name), echo);
    return verdict;
  }

  async #hash(state: string): Promise<string> {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${this.#salt}:${state}`));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async #load(): Promise<void> {
    const [raw] = await Promise.all([webext.storage.session.get(key), this.#local.ready, this.#rules.ready]);
    const stored = Stored.safeParse(raw);
    const last = stored.success ? stored.data[key] : undefined;
    this.#salt = last?.salt ?? crypto.randomUUID();
    const book = new SignInBook(last?.records);
    if (last === undefined) await this.#write(book);
    this.#book = book;
  }

  #write(book: SignInBook): Promise<void> {
    const value = { [key]: { salt: this.#salt, records: [...book.records] } };
    this.#writing = this.#writing
      .then(() => webext.storage.session.set(value))
      .catch((error: unknown) => {
        console.error("Stead could not note a sign-in flow", error);
      });
    return this.#writing;
  }
}

function decidesProject({ index }: Pick<LocalRules, "index">, url: string): boolean {
  const { kind } = decide(index, url);
  return kind === "project" || kind === "ask";
}

const none: SignInVerdict = Object.freeze({ kind: "none" });
const stay: SignInVerdict = Object.freeze({ kind: "stay" });

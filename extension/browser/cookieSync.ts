import { cookieKey } from "../../shared/cookie.ts";
import type { Cookie, CookieChange, CookieId, ProjectId, Tally } from "../../shared/models.ts";
import type { ContainerUpdate } from "../../shared/protocol/store.ts";
import { CookieBatch } from "../core/cookieBatch.ts";
import { type CookieDetails, fromFirefox, toFirefox, toFirefoxRemoval } from "../core/firefoxCookie.ts";
import { projectOf } from "../core/localState.ts";
import type { FreshStart } from "./freshStart.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { Local } from "./local.ts";
import { webext } from "./webext.ts";

/** How long changes are gathered before they are sent, in milliseconds: a page that logs in sets a dozen at once. */
const gatherFor = 100;

/**
 * cookies.getAll leaves partitioned cookies out without an empty `partitionKey`, and with first-party isolation on it
 * throws without a `firstPartyDomain`: null asks for all (MDN, cookies.getAll), which the types do not know.
 */
const anyDomain = null as unknown as string;

/** Carries the cookies of project containers to the host and back. Cookies of any other container are not looked at. */
export class CookieSync {
  readonly #local: Local;
  readonly #host: HostConnection;
  readonly #start: FreshStart;
  readonly #batches = new Map<ProjectId, CookieBatch>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(local: Local, host: HostConnection, start: FreshStart) {
    this.#local = local;
    this.#host = host;
    this.#start = start;
  }

  /** Takes one cookies.onChanged event in. */
  changed(event: { cookie: browser.cookies.Cookie; removed: boolean; cause: string }): void {
    const project = projectOf(this.#local.state, event.cookie.storeId);
    if (project === undefined) return;
    const { removed, cause } = event;
    if (!this.#batch(project).add({ cookie: fromFirefox(event.cookie), removed, cause }, Date.now())) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, gatherFor);
  }

  /** The container was removed: its cookies went with it, which is not the user's deletion. */
  containerLost(project: ProjectId): void {
    this.#batches.get(project)?.dropRemovals();
  }

  /** Sends what has gathered; what cannot be sent is marked, to be sent at the next connection. */
  async flush(): Promise<void> {
    await Promise.all([...this.#batches].map(([project, batch]) => this.#flushOne(project, batch)));
  }

  /**
   * Compares the project's whole container with the store; both are the same afterwards. Called at connection, after an
   * unlock, and when the container was made.
   */
  async reconcile(project: ProjectId): Promise<void> {
    const storeId = this.#local.state.containers[project]?.cookieStoreId;
    if (storeId === undefined || !this.#host.live) return;
    await this.#flushOne(project, this.#batch(project));
    const marks = [...this.#local.marks(project)];
    const cookies = await this.#read(storeId);
    const update = await this.#host.call("state.reconcile", {
      instance: this.#local.state.instance,
      project,
      cookies,
      marks,
      stale: await this.#start.isStale(),
      now: Date.now(),
    });
    this.#local.unmark(project, marks);
    await this.apply(update);
    await this.#host.call("state.synced", { instance: this.#local.state.instance, project, revision: update.revision });
  }

  async reconcileAll(): Promise<void> {
    await Promise.all(Object.keys(this.#local.state.containers).map((project) => this.reconcile(project)));
    if (this.#host.live) await this.#start.settle();
  }

  /** Brings the container to what the store says; answers what Firefox refused, by its reason. */
  async apply(update: ContainerUpdate): Promise<Tally[]> {
    const storeId = this.#local.state.containers[update.project]?.cookieStoreId;
    // No container yet: everything is put into it when it is made.
    if (storeId === undefined) return [];
    const batch = this.#batch(update.project);
    const failures = new Map<string, number>();
    await Promise.all([
      ...update.remove.map((id) => this.#write(batch, id, null, toFirefoxRemoval(id, storeId), failures)),
      ...update.set.map((cookie) => this.#write(batch, cookie, cookie, toFirefox(cookie, storeId), failures)),
    ]);
    return [...failures].map(([reason, count]) => ({ reason, count }));
  }

  async #write(batch: CookieBatch, id: CookieId, cookie: Cookie | null, details: CookieDetails, failures: Map<string, number>): Promise<void> {
    // The page changed it in this moment: that is newer than what the store had.
    if (batch.has(id)) return;
    batch.expect(id, cookie);
    try {
      await webext.cookies.set(details);
    } catch {
      // Firefox's message holds the cookie's name and host; the reason names the kind alone.
      const reason = "refused by Firefox";
      failures.set(reason, (failures.get(reason) ?? 0) + 1);
    } finally {
      batch.settle(id);
    }
  }

  async #flushOne(project: ProjectId, batch: CookieBatch): Promise<void> {
    if (batch.size === 0) return;
    const changes = await this.#stillMeant(project, batch.take());
    if (changes.length === 0) return;
    if (!this.#host.live) {
      this.#local.mark(project, changes);
      return;
    }
    try {
      await this.#host.call("state.delta", { instance: this.#local.state.instance, project, changes });
    } catch {
      this.#local.mark(project, changes);
    }
  }

  /** Without the removals that are only the container's own end. */
  async #stillMeant(project: ProjectId, changes: CookieChange[]): Promise<CookieChange[]> {
    if (!changes.some((change) => change.kind === "remove")) return changes;
    const storeId = this.#local.state.containers[project]?.cookieStoreId;
    const identities = await webext.contextualIdentities.query({});
    const exists = identities.some((identity) => identity.cookieStoreId === storeId);
    return exists ? changes : changes.filter((change) => change.kind === "set");
  }

  async #read(storeId: string): Promise<Cookie[]> {
    const cookies = await webext.cookies.getAll({ storeId, partitionKey: {}, firstPartyDomain: anyDomain });
    const byKey = new Map(cookies.map((cookie) => fromFirefox(cookie)).map((cookie) => [cookieKey(cookie), cookie]));
    return [...byKey.values()];
  }

  #batch(project: ProjectId): CookieBatch {
    const known = this.#batches.get(project);
    if (known) return known;
    const batch = new CookieBatch();
    this.#batches.set(project, batch);
    return batch;
  }
}


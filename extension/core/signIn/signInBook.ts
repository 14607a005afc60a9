import type { ProjectId } from "../../../shared/models.ts";
import { parseUrl } from "../../../shared/rules/parseUrl.ts";
import type { PageRequest } from "../routing/pageRequest.ts";
import type { AuthorizationRequest } from "./authorizationRequest.ts";
import { isKept, isPending, mostRecords, mostSites, type SignInRecord } from "./signInRecord.ts";
import { siteOf } from "./siteOf.ts";

/** Fewer characters do not tell one flow from another. */
const shortestState = 8;

/** A sign-in request leaving the container of a project. */
export interface Departure {
  flow: Omit<AuthorizationRequest, "state">;
  /** Its state's salted hash and its length. */
  state: { hash: string; length: number } | undefined;
  request: Pick<PageRequest, "requestId" | "tab" | "cookieStoreId" | "originUrl" | "at">;
  project: ProjectId;
}

/** The flows under way and those just ended, the oldest first. */
export class SignInBook {
  #records: SignInRecord[];

  constructor(records: readonly SignInRecord[] = []) {
    this.#records = [...records];
  }

  get records(): readonly SignInRecord[] {
    return this.#records;
  }

  /** Drops what is over. */
  prune(at: number): void {
    this.#records = this.#records.filter((record) => isKept(record, at)).slice(-mostRecords);
  }

  /** A flow leaves its project. One that leaves once more (the provider's own pages pass it on) is the same, and begins anew when it was used. */
  begin({ flow, state, request, project }: Departure): void {
    const { redirect, provider, issuer, responseMode, pkce, nonce } = flow;
    const site = siteOf(new URL(provider));
    const hash = state?.hash ?? null;
    const last = this.#records.find((record) => hash !== null && record.state === hash && record.redirect === redirect && record.container === request.cookieStoreId);
    if (last !== undefined && isPending(last, request.at)) {
      this.#replace(last, { ...last, tab: request.tab, request: request.requestId, sites: withSite(last.sites, site) });
      return;
    }
    const page = request.originUrl === undefined ? undefined : parseUrl(request.originUrl);
    this.#records = [
      ...this.#records.filter((record) => record !== last),
      {
        state: hash,
        short: state !== undefined && state.length < shortestState,
        project,
        container: request.cookieStoreId,
        tab: request.tab,
        request: request.requestId,
        page: page?.origin ?? null,
        redirect,
        provider,
        sites: [site],
        issuer,
        responseMode,
        pkce,
        nonce,
        at: request.at,
        used: null,
      },
    ];
    this.prune(request.at);
  }

  /** The flow's callback came. */
  use(record: SignInRecord, at: number): void {
    this.#replace(record, { ...record, used: at });
  }

  /**
   * Whether the request is for a page of a flow's provider in the flow's own tab, which stays in its project whatever
   * other rules say: of the provider's site, or of one that the provider handed on to, by a redirect or a form.
   */
  follow(request: Pick<PageRequest, "requestId" | "tab" | "url" | "cookieStoreId" | "originUrl" | "method" | "at">): boolean {
    const { requestId, tab, cookieStoreId, at } = request;
    const flows = this.#records.filter((record) => record.tab === tab && record.container === cookieStoreId && isPending(record, at));
    if (flows.length === 0) return false;
    const site = pageSite(request.url);
    if (site === undefined) return false;
    const asking = request.method === "POST" && request.originUrl !== undefined ? pageSite(request.originUrl) : undefined;
    const flow =
      flows.find(({ sites }) => sites.includes(site)) ??
      flows.find((record) => record.request === requestId || (asking !== undefined && record.sites.includes(asking)));
    if (flow === undefined) return false;
    if (flow.request !== requestId || !flow.sites.includes(site)) {
      this.#replace(flow, { ...flow, request: requestId, sites: withSite(flow.sites, site) });
    }
    return true;
  }

  #replace(record: SignInRecord, by: SignInRecord): void {
    this.#records = this.#records.map((one) => (one === record ? by : one));
  }
}

function pageSite(text: string): string | undefined {
  const url = parseUrl(text);
  return url !== undefined && /^https?:$/.test(url.protocol) ? siteOf(url) : undefined;
}

function withSite(sites: readonly string[], site: string): string[] {
  return sites.includes(site) || sites.length >= mostSites ? [...sites] : [...sites, site];
}

/** More than can be under way at once. */
const mostRequests = 128;

/** Which sites led to a request: Firefox names who asked for the first address, and counts every redirect since. In memory: a redirect follows at once. */
export class Redirects {
  readonly #origins = new Map<string, readonly string[]>();

  /** The origins that redirected to this address, the first first; notes the address for the next. A redirect keeps its request's id. */
  pass(requestId: string, url: string): readonly string[] {
    const before = this.#origins.get(requestId) ?? none;
    this.#origins.delete(requestId);
    this.#origins.set(requestId, [...before, originOf(url)]);
    if (this.#origins.size > mostRequests) {
      const [oldest] = this.#origins.keys();
      if (oldest !== undefined) this.#origins.delete(oldest);
    }
    return before;
  }
}

const none: readonly string[] = Object.freeze([]);

/** Of an address as Firefox writes it; quicker than reading all of it, for every page asks. */
function originOf(url: string): string {
  const end = url.indexOf("/", url.indexOf("//") + 2);
  return end === -1 ? url : url.slice(0, end);
}

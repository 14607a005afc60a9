import type { PageRequest } from "../routing/pageRequest.ts";

/** A carrier's parameters. One that is given twice has no value here: OAuth forbids it (RFC 6749 section 3.1), and nobody knows which counts. */
export class FlowParameters {
  readonly #values = new Map<string, string | undefined>();

  constructor(pairs: Iterable<readonly [string, string]>) {
    for (const [name, value] of pairs) this.#values.set(name, this.#values.has(name) ? undefined : value);
  }

  /** Undefined where it is absent, empty or given twice. */
  get(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }
}

/** Where a request carries parameters: the form's fields, the query, the fragment. */
export function carriersOf(request: Pick<PageRequest, "formData">, url: URL): FlowParameters[] {
  const { formData } = request;
  return [
    ...(formData === undefined ? [] : [new FlowParameters(Object.entries(formData).flatMap(([name, values]) => values.map((value) => [name, value] as const)))]),
    new FlowParameters(url.searchParams),
    ...(url.hash.includes("=") ? [new FlowParameters(new URLSearchParams(url.hash.slice(1)))] : []),
  ];
}

/** The address that redirects are compared by: origin with port, and path. */
export function addressOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

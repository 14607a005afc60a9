import { getOrMake } from "./getOrMake.ts";
import { hasPort, hasScheme } from "./mismatch.ts";
import type { SitePattern } from "./pattern.ts";
import type { Rule } from "./rule.ts";
import { removeRule, withRule, type Slot } from "./slot.ts";
import type { Target } from "./target.ts";

/** The slots of one host, or of everything below it: by path, then by port. Its own are those of patterns without a path. */
export interface HostNode extends PathNode {
  paths: Map<string, PathNode> | undefined;
  /** No path has more segments; not lowered when one goes, which costs a look-up and no more. */
  depth: number;
}

interface PathNode {
  /** Patterns with one port, by the port: a number of its own, never glued to the host. */
  ports: Map<number, SiteSlot[]> | undefined;
  /** Ranges, narrow ones first, then patterns for any port. */
  rest: SiteSlot[];
}

type SiteSlot = Slot<SitePattern>;

export function makeHostNode(): HostNode {
  return { ports: undefined, rest: [], paths: undefined, depth: 0 };
}

export function addToHost(host: HostNode, pattern: SitePattern, rule: Rule): void {
  const node = pathNodeFor(host, pattern.path);
  const port = onlyPort(pattern);
  if (port === undefined) node.rest = withRule(node.rest, pattern, rule);
  else (node.ports ??= new Map<number, SiteSlot[]>()).set(port, withRule(node.ports.get(port) ?? [], pattern, rule));
}

export function removeFromHost(host: HostNode, pattern: SitePattern, rule: Rule): void {
  const node = pattern.path === "" ? host : host.paths?.get(pattern.path);
  const port = onlyPort(pattern);
  const slots = port === undefined ? node?.rest : node?.ports?.get(port);
  if (node === undefined || slots === undefined) return;
  removeRule(slots, pattern, rule);
  if (port !== undefined && slots.length === 0) node.ports?.delete(port);
  if (node !== host && isEmptyPath(node)) host.paths?.delete(pattern.path);
}

export function isEmptyHost(host: HostNode): boolean {
  return isEmptyPath(host) && (host.paths?.size ?? 0) === 0;
}

/** Shows `accept` the slots that match, most specific first, until it takes one. The host is known to match. */
export function findInHost<C>(host: HostNode, target: Target, accept: (slot: Slot, context: C) => boolean, context: C): Slot | undefined {
  if (host.paths !== undefined && host.paths.size > 0) {
    const path = target.path;
    for (let end = segmentEnd(path, host.depth); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const node = host.paths.get(end === path.length ? path : path.slice(0, end));
      const found = node && findInPath(node, target, accept, context);
      if (found !== undefined) return found;
    }
  }
  return findInPath(host, target, accept, context);
}

/** Every slot of the host, whether it matches or not. */
export function* slotsOfHost(host: HostNode): Generator<SiteSlot> {
  for (const node of [...(host.paths?.values() ?? []), host]) {
    for (const slots of node.ports?.values() ?? []) yield* slots;
    yield* node.rest;
  }
}

function findInPath<C>(node: PathNode, target: Target, accept: (slot: Slot, context: C) => boolean, context: C): Slot | undefined {
  const { port, scheme } = target.origin;
  const exact = node.ports?.get(port);
  if (exact !== undefined) {
    for (const slot of exact) if (hasScheme(slot.pattern, scheme) && accept(slot, context)) return slot;
  }
  for (const slot of node.rest) {
    if (hasPort(slot.pattern, port) && hasScheme(slot.pattern, scheme) && accept(slot, context)) return slot;
  }
  return undefined;
}

/** Where the path's first `segments` segments end; its end where it has no more. */
function segmentEnd(path: string, segments: number): number {
  let end = 0;
  for (let left = segments; left > 0; left--) {
    end = path.indexOf("/", end + 1);
    if (end === -1) return path.length;
  }
  return end;
}

function pathNodeFor(host: HostNode, path: string): PathNode {
  if (path === "") return host;
  host.depth = Math.max(host.depth, path.split("/").length - 1);
  return getOrMake((host.paths ??= new Map<string, PathNode>()), path, makePathNode);
}

function onlyPort({ ports }: SitePattern): number | undefined {
  return ports?.from === ports?.to ? ports?.from : undefined;
}

function makePathNode(): PathNode {
  return { ports: undefined, rest: [] };
}

function isEmptyPath(node: PathNode): boolean {
  return node.rest.length === 0 && (node.ports?.size ?? 0) === 0;
}

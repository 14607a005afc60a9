import { addToHost, findInHost, isEmptyHost, makeHostNode, removeFromHost, type HostNode } from "./hostNode.ts";
import type { ExpressionPattern, Pattern, SitePattern } from "./pattern.ts";
import type { Rule } from "./rule.ts";
import { removeRule, withRule, type Slot } from "./slot.ts";
import type { Origin, Target } from "./target.ts";

/** Rules by what their patterns ask of the host: a look-up costs the labels of the URL's host, not the rules there are. */
export interface RuleTree {
  exact: Map<string, HostNode>;
  /** `*.host` by host. */
  below: Map<string, HostNode>;
  /** Tried one by one, after all others. */
  expressions: Slot<ExpressionPattern>[];
  /** The nodes of origins looked up since a host came or went: for pages of known sites a decision costs no look-up by host. */
  nodes: WeakMap<Origin, readonly HostNode[]> | undefined;
}

export function makeRuleTree(): RuleTree {
  return { exact: new Map(), below: new Map(), expressions: [], nodes: undefined };
}

export function addToTree(tree: RuleTree, pattern: Pattern, rule: Rule): void {
  if (pattern.kind === "expression") {
    tree.expressions = withRule(tree.expressions, pattern, rule);
    return;
  }
  const hosts = hostsFor(tree, pattern);
  const present = hosts.get(pattern.host);
  const node = present ?? makeHostNode();
  addToHost(node, pattern, rule);
  if (present !== undefined) return;
  hosts.set(pattern.host, node);
  tree.nodes = undefined;
}

export function removeFromTree(tree: RuleTree, pattern: Pattern, rule: Rule): void {
  if (pattern.kind === "expression") {
    removeRule(tree.expressions, pattern, rule);
    return;
  }
  const hosts = hostsFor(tree, pattern);
  const node = hosts.get(pattern.host);
  if (node === undefined) return;
  removeFromHost(node, pattern, rule);
  if (!isEmptyHost(node)) return;
  hosts.delete(pattern.host);
  tree.nodes = undefined;
}

export function isEmptyTree(tree: RuleTree): boolean {
  return tree.exact.size === 0 && tree.below.size === 0 && tree.expressions.length === 0;
}

/**
 * Shows `accept` the slots whose pattern matches, most specific first (comparePatterns), until it takes one, and returns
 * that. `context` is handed on, so that a decision makes no closure.
 */
export function findSlot<C>(tree: RuleTree, target: Target, accept: (slot: Slot, context: C) => boolean, context: C): Slot | undefined {
  for (const node of nodesFor(tree, target.origin)) {
    const found = findInHost(node, target, accept, context);
    if (found !== undefined) return found;
  }
  for (const slot of tree.expressions) {
    if (slot.pattern.matches(target.text) && accept(slot, context)) return slot;
  }
  return undefined;
}

/** The nodes of the host itself and of what it is below, nearest first. */
export function nodesFor(tree: RuleTree, origin: Origin): readonly HostNode[] {
  const known = tree.nodes?.get(origin);
  if (known !== undefined) return known;
  const nodes: HostNode[] = [];
  const exact = tree.exact.get(origin.host);
  if (exact !== undefined) nodes.push(exact);
  for (const host of origin.hostAndParents) {
    const node = tree.below.get(host);
    if (node !== undefined) nodes.push(node);
  }
  (tree.nodes ??= new WeakMap<Origin, readonly HostNode[]>()).set(origin, nodes);
  return nodes;
}

function hostsFor(tree: RuleTree, pattern: SitePattern): Map<string, HostNode> {
  return pattern.subdomains ? tree.below : tree.exact;
}

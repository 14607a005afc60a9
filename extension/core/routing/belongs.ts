import type { ProjectId } from "../../../shared/models.ts";
import type { PageContent } from "../../../shared/protocol/page.ts";
import type { Notice } from "../../../shared/protocol/popup.ts";
import { decide, type Decision } from "../../../shared/rules/decide.ts";
import type { RuleIndex } from "../../../shared/rules/ruleIndex.ts";
import type { Settings } from "../../../shared/settings.ts";
import type { SignInVerdict } from "../signIn/signInVerdict.ts";
import type { PageRequest } from "./pageRequest.ts";
import type { TabFacts } from "./tabFacts.ts";

/** What rules and settings say at the moment. */
export interface Order {
  index: RuleIndex;
  settings: Settings;
  /** Whether the address is of a site that stays in the project that called it. */
  inherits(url: string): boolean;
  /** Whether there is such a project. */
  knows(project: ProjectId): boolean;
  active: ProjectId | null;
}

/** Where a page belongs, seen from the tab that asks for it. */
export type Place =
  | { kind: "here" }
  /** Null: in no project. */
  | { kind: "there"; project: ProjectId | null; by: "rule" | "signIn" }
  | { kind: "ask"; content: Extract<PageContent, { kind: "choose" }> }
  /** A sign-in flow stops it. */
  | { kind: "page"; content: PageContent }
  | { kind: "notice"; notice: Notice }
  /** It depends on whether another program opened it. */
  | { kind: "unknown" };

/**
 * In this order: the sign-in flows under way; sites that stay in the project that called them; rules, with the answers
 * the user gave once and for all; a link from another program; a strict project's wish to have its own pages alone.
 */
export function belongs(request: PageRequest, redirected: boolean, arrival: TabFacts["arrival"], signIn: SignInVerdict, order: Order): Place {
  switch (signIn.kind) {
    case "stay":
      return here;
    case "move":
      return signIn.project === request.project ? here : { kind: "there", project: signIn.project, by: "signIn" };
    case "page":
    case "notice":
      return signIn;
    case "none":
  }
  const called = request.project !== undefined && (redirected || request.originUrl !== undefined);
  const inherits = request.project !== undefined && order.inherits(request.url);
  if (called && inherits) return here;
  const decision = byRules(decide(order.index, request.url), request, order);
  if (decision !== undefined) return decision;
  const external = byOrigin(request, redirected, arrival, order);
  if (external !== undefined) return external;
  const isStrict = request.project !== undefined && order.settings.strict.includes(request.project);
  return isStrict && !inherits ? { kind: "there", project: null, by: "rule" } : here;
}

/** Undefined where no rule of a project that is there has a say. */
function byRules(decision: Decision, request: PageRequest, order: Order): Place | undefined {
  switch (decision.kind) {
    case "none":
    case "excluded":
      return undefined;
    case "project":
      return order.knows(decision.project) ? thereOrHere(decision.project, request) : undefined;
    case "ask": {
      const projects = decision.projects.filter((project) => order.knows(project));
      const pattern = decision.rules[0]?.pattern;
      if (projects.length === 0 || pattern === undefined) return undefined;
      if (request.project !== undefined && projects.includes(request.project)) return here;
      const answer = order.settings.answers[pattern];
      if (answer !== undefined && projects.includes(answer)) return thereOrHere(answer, request);
      return { kind: "ask", content: { kind: "choose", url: request.url, why: "rule", projects, pattern } };
    }
  }
}

/** What the settings say of a link from another program; undefined for any other page, and where they say nothing. */
function byOrigin(request: PageRequest, redirected: boolean, arrival: TabFacts["arrival"], order: Order): Place | undefined {
  const { external, strict } = order.settings;
  if (external.kind === "stay" || arrival === "inside" || redirected || request.originUrl !== undefined || request.method !== "GET") return undefined;
  if (external.kind !== "ask") {
    const project = external.kind === "active" ? order.active : external.project;
    // A strict project takes its own pages only, and this is none.
    if (project === null || !order.knows(project) || strict.includes(project)) return undefined;
    return arrival === "unknown" ? { kind: "unknown" } : thereOrHere(project, request);
  }
  if (arrival === "unknown") return { kind: "unknown" };
  return { kind: "ask", content: { kind: "choose", url: request.url, why: "external", projects: [], pattern: null } };
}

function thereOrHere(project: ProjectId, request: PageRequest): Place {
  return project === request.project ? here : { kind: "there", project, by: "rule" };
}

const here: Place = Object.freeze({ kind: "here" });

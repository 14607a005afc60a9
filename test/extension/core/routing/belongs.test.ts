import { describe, expect, it } from "vitest";
import { belongs, type Place } from "../../../../extension/core/routing/belongs.ts";
import type { PageRequest } from "../../../../extension/core/routing/pageRequest.ts";
import type { TabFacts } from "../../../../extension/core/routing/tabFacts.ts";
import type { SignInVerdict } from "../../../../extension/core/signIn/signInVerdict.ts";
import type { Settings } from "../../../../shared/settings.ts";
import { orderOf } from "./order.ts";

const rules = ["acme.test acme", "beta.test beta", "both.test acme", "both.test beta", "ask.test acme?", "idp.test beta", "gone.test ghost", "!free.acme.test acme", "*.acme.test acme"];
const page = "https://acme.test/";

interface Case {
  it: string;
  url: string;
  in?: "acme" | "beta";
  /** The page that asks; absent: a person does. */
  from?: string;
  redirected?: boolean;
  arrival?: TabFacts["arrival"];
  method?: string;
  settings?: Partial<Settings>;
  active?: string;
  signIn?: SignInVerdict;
  is: string;
}

const inherit = { inherit: ["idp.test", "plain.test"] };
const cases: Case[] = [
  { it: "leaves a page without a rule where it is", url: "https://other.test/", is: "here" },
  { it: "leaves a page without a rule in the project that asks for it", url: "https://other.test/", in: "acme", is: "here" },
  { it: "leaves a project's page in its project", url: "https://acme.test/x", in: "acme", is: "here" },
  { it: "sends a project's page to its project", url: "https://acme.test/x", is: "there acme rule" },
  { it: "sends it out of another project", url: "https://beta.test/x", in: "acme", from: page, is: "there beta rule" },
  { it: "leaves what an exclusion takes out", url: "https://free.acme.test/", is: "here" },
  { it: "knows no rule of a project that is gone", url: "https://gone.test/", is: "here" },

  { it: "asks between projects of one pattern", url: "https://both.test/x", is: "ask rule acme,beta both.test" },
  { it: "asks where a rule says so", url: "https://ask.test/", is: "ask rule acme ask.test" },
  { it: "does not ask in one of the projects", url: "https://both.test/", in: "beta", is: "here" },
  { it: "follows the answer given once and for all", url: "https://both.test/", settings: { answers: { "both.test": "beta" } }, is: "there beta rule" },
  { it: "asks again when the answer is none of the projects", url: "https://ask.test/", settings: { answers: { "ask.test": "beta" } }, is: "ask rule acme ask.test" },

  { it: "leaves an identity provider with the project whose page called it", url: "https://idp.test/login", in: "acme", from: page, settings: inherit, is: "here" },
  { it: "leaves it there after a redirect", url: "https://idp.test/login", in: "acme", redirected: true, settings: inherit, is: "here" },
  { it: "sends it to its own project when a person asks for it", url: "https://idp.test/login", in: "acme", settings: inherit, is: "there beta rule" },
  { it: "sends it to its own project from no project", url: "https://idp.test/login", from: "https://other.test/", settings: inherit, is: "there beta rule" },

  { it: "takes a stranger's page out of a strict project", url: "https://other.test/", in: "acme", from: page, settings: { strict: ["acme"] }, is: "there null rule" },
  { it: "takes a page out of it that an exclusion takes out", url: "https://free.acme.test/", in: "acme", settings: { strict: ["acme"] }, is: "there null rule" },
  { it: "leaves a strict project its own pages", url: "https://acme.test/", in: "acme", settings: { strict: ["acme"] }, is: "here" },
  { it: "leaves a strict project its identity providers", url: "https://plain.test/", in: "acme", settings: { ...inherit, strict: ["acme"] }, is: "here" },
  { it: "is strict with the strict project alone", url: "https://other.test/", in: "beta", settings: { strict: ["acme"] }, is: "here" },

  { it: "leaves another program's link outside by default", url: "https://other.test/", arrival: "external", is: "here" },
  { it: "opens it in the active project", url: "https://other.test/", arrival: "external", settings: { external: { kind: "active" } }, active: "beta", is: "there beta rule" },
  { it: "leaves it outside while no project is active", url: "https://other.test/", arrival: "external", settings: { external: { kind: "active" } }, is: "here" },
  { it: "opens it in the chosen project", url: "https://other.test/", arrival: "external", settings: { external: { kind: "project", project: "acme" } }, is: "there acme rule" },
  { it: "leaves it outside when that project is gone", url: "https://other.test/", arrival: "external", settings: { external: { kind: "project", project: "ghost" } }, is: "here" },
  { it: "does not bring strangers to a strict project", url: "https://other.test/", arrival: "external", settings: { external: { kind: "project", project: "acme" }, strict: ["acme"] }, is: "here" },
  { it: "asks about it", url: "https://other.test/", arrival: "external", settings: { external: { kind: "ask" } }, is: "ask external  null" },
  { it: "waits until it is known whether another program opened it", url: "https://other.test/", arrival: "unknown", settings: { external: { kind: "ask" } }, is: "unknown" },
  { it: "does not wait when it makes no difference", url: "https://other.test/", arrival: "unknown", is: "here" },
  { it: "gives rules the first word on another program's link", url: "https://beta.test/", arrival: "external", settings: { external: { kind: "ask" } }, is: "there beta rule" },
  { it: "takes no page's link for another program's", url: "https://other.test/", from: "https://x.test/", arrival: "external", settings: { external: { kind: "ask" } }, is: "here" },

  { it: "leaves a sign-in flow's page whatever the rules say", url: "https://beta.test/", in: "acme", signIn: { kind: "stay" }, is: "here" },
  { it: "leaves a sign-in flow's page in a strict project", url: "https://other.test/", in: "acme", settings: { strict: ["acme"] }, signIn: { kind: "stay" }, is: "here" },
  { it: "sends a callback to the project that began its flow", url: "https://beta.test/cb", signIn: { kind: "move", project: "acme" }, is: "there acme signIn" },
  { it: "leaves a callback that is there already", url: "https://beta.test/cb", in: "acme", signIn: { kind: "move", project: "acme" }, is: "here" },
  { it: "stops a callback the flows refuse", url: "https://acme.test/cb", signIn: { kind: "page", content: { kind: "signInUsed", host: "acme.test", project: "acme" } }, is: "page signInUsed" },
];

describe("belongs", () => {
  it.each(cases)("$it", ({ url, in: project, from, redirected = false, arrival = "inside", method = "GET", settings, active, signIn, is }) => {
    const request: PageRequest = {
      requestId: "1", tab: 1, url, method, cookieStoreId: "", project, originUrl: from, at: 0, formData: undefined,
    };
    const place = belongs(request, redirected, arrival, signIn ?? { kind: "none" }, orderOf(rules, settings, active ?? null));
    expect(written(place)).toBe(is);
  });
});

function written(place: Place): string {
  switch (place.kind) {
    case "there":
      return `there ${place.project} ${place.by}`;
    case "ask":
      return `ask ${place.content.why} ${place.content.projects.join()} ${place.content.pattern}`;
    case "page":
      return `page ${place.content.kind}`;
    case "notice":
      return `notice ${place.notice.kind}`;
    case "here":
    case "unknown":
      return place.kind;
  }
}

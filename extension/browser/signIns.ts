import type { PageRequest } from "../core/routing/pageRequest.ts";
import type { SignInVerdict } from "../core/signIn/signInVerdict.ts";

/** The sign-in flows under way (facts: OAuth): records those that leave a project, recognises their callbacks. */
export class SignIns {
  /** Called for every page request; synchronous, and without effect, for pages that are no part of any flow. */
  judge(request: PageRequest): SignInVerdict | Promise<SignInVerdict> {
    return request.tab < 0 ? { kind: "stay" } : { kind: "none" };
  }
}

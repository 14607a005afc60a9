import type { ProjectId } from "../../shared/models.ts";

/** Sends main-frame requests to the project their page belongs to: gathers, has it decided, performs. */
export class Router {
  /** Rules leave this tab's pages of the address's host where they are, until the tab goes to another host. */
  letStay(tab: number, url: string): void {
    throw new Error(`not yet ${tab} ${url}`);
  }

  /** `stead open`, and signed links: opens it in the project, or (null) where the rules and settings say, as for another program's link. */
  open(url: string, project: ProjectId | null): Promise<ProjectId | null> {
    throw new Error(`not yet ${url} ${project}`);
  }

  /** Moves open tabs whose page these rules give to another project than theirs; answers how many. */
  applyRules(rules: readonly string[]): Promise<number> {
    throw new Error(`not yet ${rules.length}`);
  }
}

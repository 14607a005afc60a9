import type { ExternalLinks } from "../../../shared/settings.ts";
import type { Fault } from "./optionsModel.ts";

export interface BehaviourModel {
  /** The sites that stay in the project that called them, as they are being typed; undefined: as they are. */
  sites: string | undefined;
  /** The line it is about, from 1 on; undefined: all of them. */
  siteFaults: readonly SiteFault[];
  saved: boolean;
}

export interface SiteFault {
  line: number | undefined;
  text: string;
  fault: Fault;
}

export const firstBehaviour: BehaviourModel = { sites: undefined, siteFaults: [], saved: false };

export type BehaviourEvent =
  | { to: "behaviour"; kind: "external"; external: ExternalLinks }
  | { to: "behaviour"; kind: "sitesTyped"; text: string }
  | { to: "behaviour"; kind: "saveSites" }
  | { to: "behaviour"; kind: "resetSites" }
  | { to: "behaviour"; kind: "forget"; pattern: string }
  | { to: "behaviour"; kind: "forgetAll" };

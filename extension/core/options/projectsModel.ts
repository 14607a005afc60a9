import type { Color, Icon, ProjectId } from "../../../shared/models.ts";
import type { Fault } from "./optionsModel.ts";

export interface ProjectsModel {
  /** The name of a project to be made. */
  name: string;
  nameFault: Fault | undefined;
  adding: boolean;
  /** The project whose details are shown. */
  open: ProjectId | undefined;
  /** Its name while it is being typed; undefined: as it is. */
  typed: string | undefined;
  typedFault: Fault | undefined;
  /** The project whose removal is being asked about. */
  removing: ProjectId | undefined;
  removalBusy: boolean;
  removalFault: Fault | undefined;
  /** Firefox has a container of this project's name that Stead did not make: which one is to be used. */
  adopting: ProjectId | undefined;
}

export const firstProjects: ProjectsModel = {
  name: "",
  nameFault: undefined,
  adding: false,
  open: undefined,
  typed: undefined,
  typedFault: undefined,
  removing: undefined,
  removalBusy: false,
  removalFault: undefined,
  adopting: undefined,
};

export type ProjectsEvent =
  | { to: "projects"; kind: "typed"; name: string }
  | { to: "projects"; kind: "add" }
  | { to: "projects"; kind: "toggle"; id: ProjectId }
  | { to: "projects"; kind: "renamed"; name: string }
  | { to: "projects"; kind: "rename" }
  | { to: "projects"; kind: "cancelRename" }
  | { to: "projects"; kind: "color"; id: ProjectId; color: Color }
  | { to: "projects"; kind: "icon"; id: ProjectId; icon: Icon }
  | { to: "projects"; kind: "strict"; id: ProjectId; strict: boolean }
  | { to: "projects"; kind: "askRemove"; id: ProjectId }
  | { to: "projects"; kind: "keep" }
  | { to: "projects"; kind: "remove" }
  | { to: "projects"; kind: "open"; id: ProjectId; adopt?: boolean };

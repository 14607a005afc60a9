import type { ProjectId } from "../../../shared/models.ts";
import type { PageContent } from "../../../shared/protocol/page.ts";
import type { Notice } from "../../../shared/protocol/popup.ts";

/** What the sign-in flows under way say of a page request, before any rule is asked. */
export type SignInVerdict =
  /** No part of a flow: the rules decide. */
  | { kind: "none" }
  /** A flow's own page: it stays where it is, whatever the rules say. */
  | { kind: "stay" }
  /** A callback that came to the wrong container: the exact request belongs to this project. Its one use is recorded already. */
  | { kind: "move"; project: ProjectId }
  /** Stopped before the network, with a page that says or asks why. */
  | { kind: "page"; content: PageContent }
  /** It stays, and the user is told. */
  | { kind: "notice"; notice: Notice };

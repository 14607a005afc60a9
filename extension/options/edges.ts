import type { Channel } from "../../shared/wire/channel.ts";

/** What the options page needs of the browser around it. */
export interface Edges {
  connect: () => Channel;
  version: string;
  mac: boolean;
  /** Has Firefox ask the user for the right to read sites' cookies; works only straight from a click. */
  grant: () => Promise<unknown>;
  openFirstRun: () => void;
  openShortcutSettings: () => Promise<void>;
}

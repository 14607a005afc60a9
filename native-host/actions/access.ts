import type { Project } from "../../shared/models.ts";
import type { Delivery } from "../host/delivery.ts";
import type { HostLink } from "../host/link.ts";
import type { Store } from "../store/types.ts";

/** What an action works on: a user's store, and the Firefoxes that are connected. A command has one, and so has each call of the library. */
export interface Access {
  /** Milliseconds since 1970. */
  now(): number;
  /** Opened and unlocked at the first call. */
  store(): Promise<Store>;
  /** The hosts that answer, found once; empty when no Firefox is connected. */
  hosts(): Promise<readonly HostLink[]>;
  /** Tells every host how far the store is and waits until their Firefoxes are there. */
  poke(revision: number): Promise<Delivery>;
  /** By exact name, or by unique prefix at a terminal. Throws `unknownProject`, `ambiguousProject`. */
  project(name: string): Promise<Project>;
}

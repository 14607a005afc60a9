import { type ErrorCode, SteadError, toErrorShape } from "../../shared/errors.ts";
import type { Tally } from "../../shared/models.ts";
import type { Access } from "../actions/access.ts";
import { findProject } from "../actions/findProject.ts";
import { mergeTallies } from "../actions/mergeTallies.ts";
import { pokeHosts } from "../actions/pokeHosts.ts";
import { type Home, homeFrom } from "../home.ts";
import { HeldStore } from "../host/heldStore.ts";
import type { HostLink } from "../host/link.ts";

export interface ReachOptions {
  env: NodeJS.ProcessEnv;
  warn: (message: string) => void;
}

/** A store that is held open between calls, and the hosts as each call finds them. */
export class Reach {
  readonly #options: ReachOptions;
  readonly #held: HeldStore;
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: ReachOptions) {
    this.#options = options;
    this.#held = new HeldStore({
      open: async () => (await import("../store/openStore.ts")).openStore({ ...options, home: this.home }),
      vault: async () => (await import("../vault/control.ts")).vaultStatus({ ...options, home: this.home }),
      lockWhenIdle: async () => (await import("../vault/idleLock.ts")).lockHomeWhenIdle(this.home, Date.now()),
    });
  }

  /** Read at each use: a program may set its environment after it was loaded. */
  get home(): Home {
    return homeFrom(this.#options.env);
  }

  /** What `act` answers. Rejects with a SteadError. `act` does nothing after what it writes but tell others of it. */
  async run<T>(act: (access: Access) => T | Promise<T>): Promise<T> {
    const running = this.#try(act);
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw SteadError.fromShape(toErrorShape(error));
    } finally {
      this.#running.delete(running);
    }
  }

  /** Waits for what is running, and lets go of the store. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running);
    await this.#held.close();
  }

  async #try<T>(act: (access: Access) => T | Promise<T>): Promise<T> {
    try {
      return await this.#once(act);
    } catch (error) {
      // An open store has forgotten its keys for good.
      if (hasCode(error, "vaultLocked") || hasCode(error, "keyChanged")) await this.#held.close();
      if (!hasCode(error, "keyChanged")) throw error;
    }
    // Another process changed the keys, before anything was written: once more with those of now.
    return this.#once(act);
  }

  async #once<T>(act: (access: Access) => T | Promise<T>): Promise<T> {
    let links: Promise<HostLink[]> | undefined;
    const left: Tally[] = [];
    const access: Access = {
      now: () => Date.now(),
      store: () => this.#held.use((store) => store),
      hosts: () => (links ??= this.#connect(() => left.push(silent("no answer")))),
      poke: async (revision) => {
        try {
          const { failed, waiting } = await pokeHosts(await access.hosts(), revision);
          return { failed: mergeTallies([...failed, ...left]), waiting };
        } catch (error) {
          // What was written is written.
          if (!(error instanceof SteadError)) throw error;
          return { failed: [silent(error.code)], waiting: 0 };
        }
      },
      project: async (name) => findProject((await access.store()).registry().projects, name, { prefix: false }),
    };
    try {
      return await act(access);
    } finally {
      for (const link of (await links?.catch(() => [])) ?? []) link.close();
    }
  }

  async #connect(report: () => void): Promise<HostLink[]> {
    const { connectHosts } = await import("../host/connectHosts.ts");
    return connectHosts(this.home, { report });
  }
}

function silent(why: string): Tally {
  return { reason: `a Firefox profile could not be told (${why}); it catches up when it connects again`, count: 1 };
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof SteadError && error.code === code;
}

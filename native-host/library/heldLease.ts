import { SteadError } from "../../shared/errors.ts";
import type { Project, Tally } from "../../shared/models.ts";
import { checkIn } from "../actions/bringIn.ts";
import type { CheckedOut } from "../actions/checkOut.ts";
import { releaseLease, renewLease } from "../actions/lease.ts";
import { readTtl, stateFrom } from "./arguments.ts";
import { readBrought } from "./brought.ts";
import { Quiet } from "./quiet.ts";
import type { Reach } from "./reach.ts";
import type { Change, Duration, Lease, Merged, State, StateFormat, States } from "./types.ts";

interface Given<F extends StateFormat> {
  project: Project;
  holder: string;
  asked: { format?: F };
  out: CheckedOut;
}

/** The lease as its program holds it. The store alone knows whether it is good. */
export class HeldLease<F extends StateFormat> extends Quiet implements Lease<F> {
  readonly [Symbol.toStringTag] = "Lease";
  readonly #reach: Reach;
  readonly #project: Project;
  readonly #holder: string;
  readonly #token: string;
  readonly #revision: number;
  readonly #state: States[F];
  readonly #dropped: readonly Tally[];
  #expiresAt: number;
  #ended = false;

  constructor(reach: Reach, { project, holder, asked, out }: Given<F>) {
    super();
    this.#reach = reach;
    this.#project = project;
    this.#holder = holder;
    this.#token = out.token;
    this.#revision = out.revision;
    this.#expiresAt = out.expiresAt;
    this.#state = stateFrom(asked, out.written.document);
    this.#dropped = out.written.dropped;
  }

  get project(): string {
    return this.#project.name;
  }

  get holder(): string {
    return this.#holder;
  }

  get token(): string {
    return this.#token;
  }

  get revision(): number {
    return this.#revision;
  }

  get expiresAt(): Date {
    return new Date(this.#expiresAt);
  }

  get state(): States[F] {
    return this.#state;
  }

  get dropped(): readonly Tally[] {
    return this.#dropped;
  }

  checkin(state: State | readonly Change[], { keep = false, force = false }: { keep?: boolean; force?: boolean } = {}): Promise<Merged> {
    return this.#reach.run(async (access) => {
      const brought = readBrought(state, access.now());
      const merged = await checkIn(access, this.#project, brought, { token: this.#token, keep, force });
      this.#ended ||= !keep;
      return merged;
    });
  }

  renew({ ttl }: { ttl?: Duration } = {}): Promise<Date> {
    return this.#reach.run(async (access) => {
      const ttlMs = readTtl(ttl);
      const { expiresAt } = await renewLease(access, this.#project, { token: this.#token, ttlMs });
      this.#expiresAt = expiresAt;
      return this.expiresAt;
    });
  }

  release(): Promise<void> {
    return this.#reach.run(async (access) => {
      await releaseLease(access, this.#project, { token: this.#token });
      this.#ended = true;
    });
  }

  /** One that has expired, or was taken back, has ended as well. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    try {
      await this.release();
    } catch (error) {
      if (!(error instanceof SteadError) || !["conflict", "unknownProject"].includes(error.code)) throw error;
    }
  }

  toJSON(): object {
    return { project: this.project, holder: this.#holder, revision: this.#revision, expiresAt: this.expiresAt.toISOString() };
  }
}

import type { ProjectId } from "../../shared/models.ts";
import type { ProjectLease, Registry } from "../../shared/protocol/store.ts";
import { goodLeases } from "../core/goodLeases.ts";

/** A timer cannot be set for longer, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** Who has which project checked out, from the store's last word. A lease that runs out is told of by nobody: it is seen here. */
export class Leases {
  #leases: readonly ProjectLease[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onChange: () => void;

  /** `onChange` is called when a lease has run out. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  take({ leases = [] }: Pick<Registry, "leases">): void {
    this.#set(leases);
  }

  of(project: ProjectId): ProjectLease | undefined {
    return goodLeases(this.#leases, Date.now()).good.find((lease) => lease.project === project);
  }

  /** It was taken back; the store's next word says so too. */
  ended(project: ProjectId): void {
    this.#set(this.#leases.filter((lease) => lease.project !== project));
    this.#onChange();
  }

  #set(leases: readonly ProjectLease[]): void {
    clearTimeout(this.#timer);
    const { good, endsIn } = goodLeases(leases, Date.now());
    this.#leases = good;
    if (endsIn === undefined) return;
    this.#timer = setTimeout(() => {
      this.#set(this.#leases);
      this.#onChange();
    }, Math.min(endsIn, longestTimer));
  }
}

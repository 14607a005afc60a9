import { inspect, type InspectOptions } from "node:util";

/** What shows as its `toJSON()` alone, wherever it is printed. */
export abstract class Quiet {
  abstract readonly [Symbol.toStringTag]: string;
  abstract toJSON(): object;

  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `${this[Symbol.toStringTag]} ${inspect(this.toJSON(), options)}`;
  }
}

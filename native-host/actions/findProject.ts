import { SteadError } from "../../shared/errors.ts";

/**
 * The project of that exact name; with `prefix` also the only one whose name begins so. Throws `unknownProject`,
 * `ambiguousProject`.
 */
export function findProject<P extends { name: string }>(projects: readonly P[], name: string, options: { prefix: boolean }): P {
  const exact = projects.find((project) => project.name === name);
  if (exact) return exact;
  const close = options.prefix && name !== "" ? projects.filter((project) => project.name.startsWith(name)) : [];
  const [only] = close;
  if (close.length > 1) {
    const names = close.map((project) => project.name).join(", ");
    throw new SteadError("ambiguousProject", `${JSON.stringify(name)} begins the names of several projects: ${names}.`);
  }
  if (!only) throw new SteadError("unknownProject", `There is no project named ${JSON.stringify(name)}.`);
  return only;
}

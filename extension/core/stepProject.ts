import type { ProjectId } from "../../shared/models.ts";
import type { LocalState } from "./localState.ts";

/** What a keyboard command asks for. */
export type Step = { kind: "next" } | { kind: "previous" } | { kind: "last" } | { kind: "number"; number: number };

/** The project a step leads to; undefined when there is none to go to. */
export function stepProject(state: LocalState, current: ProjectId | null, step: Step): ProjectId | undefined {
  const ids = state.projects.map((project) => project.id);
  switch (step.kind) {
    case "next":
      return around(ids, current, 1);
    case "previous":
      return around(ids, current, -1);
    case "last":
      return state.recent.find((id) => id !== current && ids.includes(id));
    case "number":
      return ids[step.number - 1];
  }
}

function around(ids: readonly ProjectId[], current: ProjectId | null, step: 1 | -1): ProjectId | undefined {
  const index = current === null ? -1 : ids.indexOf(current);
  if (index === -1) return step === 1 ? ids[0] : ids.at(-1);
  return ids[(index + step + ids.length) % ids.length];
}

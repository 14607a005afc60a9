import type { ProjectId } from "../../../shared/models.ts";
import type { OptionsModel } from "./optionsModel.ts";

/** The project that a new rule is offered for: the one that was chosen last, else the current one, else the first. */
export function draftProject({ state, rules }: Pick<OptionsModel, "state" | "rules">): ProjectId | undefined {
  const wanted = [rules.draft.project, state?.current, state?.projects[0]?.id];
  const there = wanted.find((id) => state?.projects.some((project) => project.id === id));
  return there ?? undefined;
}

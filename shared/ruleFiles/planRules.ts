import type { Color, Icon, Project, ProjectId } from "../models.ts";
import { sameName } from "../projectName.ts";
import type { Rule, RuleDraft } from "../rules/rule.ts";
import type { Container, ReadRules } from "./types.ts";
import { withoutBlanks } from "./withoutBlanks.ts";

/** A project that is to be made; without colour and icon the store chooses. */
export interface NewProject {
  id: ProjectId;
  name: string;
  color?: Color | undefined;
  icon?: Icon | undefined;
}

export interface RulesPlan {
  /** Projects of these names are missing. */
  projects: NewProject[];
  put: RuleDraft[];
  /** Projects that become strict and were not. */
  strict: ProjectId[];
}

export interface Present {
  projects: readonly Pick<Project, "id" | "name">[];
  rules: readonly Rule[];
  strict: readonly ProjectId[];
}

/** What has to be done for the rules of a file to be there. `makeId` makes ids for the projects that are missing. */
export function planRules(
  read: Pick<ReadRules, "rules" | "containers" | "strict">,
  { projects, rules, strict }: Present,
  makeId: () => ProjectId,
): RulesPlan {
  const names = new ProjectNames(projects, read.containers, makeId);
  // The text form writes an expression's blanks in another way: such a rule is the one that is there.
  const blank = new Map(rules.filter(({ pattern }) => pattern.includes(" ")).map((rule) => [`${rule.project} ${withoutBlanks(rule.pattern)}`, rule.pattern]));
  const put = read.rules.map((rule): RuleDraft => {
    const project = names.idOf(rule.project);
    return { project, pattern: blank.get(`${project} ${rule.pattern}`) ?? rule.pattern, ask: rule.ask };
  });
  const becoming = read.strict.map((name) => names.idOf(name)).filter((id) => !strict.includes(id));
  return { projects: names.made, put, strict: [...new Set(becoming)] };
}

/** Projects by name: those that are there, and those that are to be made. */
export class ProjectNames {
  readonly made: NewProject[] = [];
  readonly #projects: readonly Pick<Project, "id" | "name">[];
  readonly #looks: readonly Container[];
  readonly #makeId: () => ProjectId;
  readonly #known = new Map<string, ProjectId>();

  constructor(projects: readonly Pick<Project, "id" | "name">[], looks: readonly Container[], makeId: () => ProjectId) {
    this.#projects = projects;
    this.#looks = looks;
    this.#makeId = makeId;
  }

  /** Of the project of that very name, else of one that a person would take for it, else of a new one. */
  idOf(name: string): ProjectId {
    const known = this.#known.get(name) ?? this.#find(name)?.id ?? this.#make(name);
    this.#known.set(name, known);
    return known;
  }

  #find(name: string): Pick<Project, "id"> | undefined {
    const all = [...this.#projects, ...this.made];
    return all.find((project) => project.name === name) ?? all.find((project) => sameName(project.name, name));
  }

  #make(name: string): ProjectId {
    const look = this.#looks.find((one) => sameName(one.name, name));
    const project = { id: this.#makeId(), name, color: look?.color, icon: look?.icon };
    this.made.push(project);
    return project.id;
  }
}

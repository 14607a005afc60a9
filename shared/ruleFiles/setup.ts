import * as z from "zod/mini";
import { SteadError } from "../errors.ts";
import { parseJson } from "../formats/refusal.ts";
import { Color, Icon, type Project, type ProjectId, ProjectName } from "../models.ts";
import { nameKey } from "../projectName.ts";
import { formatPattern } from "../rules/formatPattern.ts";
import { parsePattern } from "../rules/parsePattern.ts";
import type { Rule } from "../rules/rule.ts";
import type { Settings } from "../settings.ts";

/** What a set-up document says it is. */
export const setupMark = "setup";
const setupVersion = 1;

const SetupRule = z.strictObject({
  /** In any of its spellings; written in canonical text. */
  pattern: z.string(),
  ask: z._default(z.boolean(), false),
});

const SetupProject = z.strictObject({
  name: ProjectName,
  color: z.optional(Color),
  icon: z.optional(Icon),
  /** Only its own pages open there. */
  strict: z._default(z.boolean(), false),
  rules: z._default(z.array(SetupRule), []),
});

const SetupExternal = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("stay") }),
  z.strictObject({ kind: z.literal("ask") }),
  z.strictObject({ kind: z.literal("active") }),
  z.strictObject({ kind: z.literal("project"), project: ProjectName }),
]);

const SetupSettings = z.strictObject({
  /** What happens to a link from another program that no rule gives to a project. */
  external: z.optional(SetupExternal),
  /** Sites that stay in the project that called them. */
  inherit: z.optional(z.array(z.string())),
  /** What the user chose once and for all where rules ask. */
  answers: z.optional(z.array(z.strictObject({ pattern: z.string(), project: ProjectName }))),
});

/** Everything but state, by the projects' names. Fields it does not know are refused: a slip of the pen must not go unseen. */
export const SetupDocument = z.strictObject({
  /** For editors that look a JSON Schema up. */
  $schema: z.optional(z.string()),
  stead: z.literal(setupMark),
  version: z.literal(setupVersion),
  projects: z.array(SetupProject),
  settings: z.optional(SetupSettings),
});
export type Setup = z.infer<typeof SetupDocument>;

export interface SetupParts {
  projects: readonly Project[];
  rules: readonly Rule[];
  settings: Settings;
}

/** The whole set-up as one readable document; the same set-up gives the same text. What readSetup() reads back. */
export function writeSetup({ projects, rules, settings }: SetupParts): string {
  const nameOf = (id: ProjectId): string | undefined => projects.find((project) => project.id === id)?.name;
  const strict = new Set(settings.strict);
  const rulesOf = new Map(projects.map(({ id }) => [id, new Array<Setup["projects"][number]["rules"][number]>()]));
  for (const { project, pattern, ask } of rules) rulesOf.get(project)?.push({ pattern, ask });
  const external = settings.external.kind === "project" ? nameOf(settings.external.project) : undefined;
  const setup: Setup = {
    stead: setupMark,
    version: setupVersion,
    projects: projects.map(({ id, name, color, icon }) => ({
      name, color, icon, strict: strict.has(id),
      rules: rulesOf.get(id) ?? [],
    })),
    settings: {
      external: settings.external.kind !== "project" ? settings.external : external === undefined ? { kind: "stay" } : { kind: "project", project: external },
      inherit: settings.inherit,
      answers: Object.entries(settings.answers).flatMap(([pattern, id]) => {
        const project = nameOf(id);
        return project === undefined ? [] : [{ pattern, project }];
      }),
    },
  };
  return `${JSON.stringify(setup, null, 2)}\n`;
}

/**
 * A document with every pattern in canonical text. All of it is examined: names that would make one project, patterns,
 * and names in the settings that are neither in the document nor among `known`. Throws `fileFormat` with the place.
 */
export function readSetup(text: string, known: readonly { name: string }[]): Setup {
  const setup = parseSetup(parseJson(text, what));
  const names = new Map<string, string>();
  setup.projects.forEach(({ name }, at) => {
    const twin = names.get(nameKey(name));
    if (twin !== undefined) throw fault(`projects[${at}].name`, `a name of its own, but got that of ${twin}`);
    names.set(nameKey(name), `projects[${at}]`);
  });
  for (const { name } of known) if (!names.has(nameKey(name))) names.set(nameKey(name), name);
  const expectKnown = (name: string, place: string): void => {
    if (!names.has(nameKey(name))) throw fault(place, "a project of the document or of this store");
  };

  const { settings } = setup;
  if (settings?.external?.kind === "project") expectKnown(settings.external.project, "settings.external.project");
  return {
    ...setup,
    projects: setup.projects.map((project, at) => ({
      ...project,
      rules: project.rules.map((rule, index) => ({ ...rule, pattern: canonical(rule.pattern, `projects[${at}].rules[${index}].pattern`) })),
    })),
    settings: settings && {
      ...settings,
      inherit: settings.inherit?.map((pattern, at) => canonicalSite(pattern, `settings.inherit[${at}]`)),
      answers: settings.answers?.map(({ pattern, project }, at) => {
        expectKnown(project, `settings.answers[${at}].project`);
        return { pattern: canonical(pattern, `settings.answers[${at}].pattern`), project };
      }),
    },
  };
}

const what = "The set-up document";

function parseSetup(document: unknown): Setup {
  const version = z.object({ stead: z.literal(setupMark), version: z.number() }).safeParse(document);
  if (version.success && version.data.version > setupVersion) {
    throw new SteadError("fileFormat", `${what} is of version ${version.data.version}; this Stead reads version ${setupVersion}.`, { hint: "Update Stead; nothing was changed." });
  }
  const parsed = SetupDocument.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fault(issue ? placeOf(issue.path) : "", issue ? expectation(issue) : "another document");
}

function canonical(pattern: string, place: string): string {
  try {
    return formatPattern(parsePattern(pattern));
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    throw new SteadError("fileFormat", `${what}, at ${place}: ${error.message}`, { hint: error.hint, cause: error });
  }
}

function canonicalSite(pattern: string, place: string): string {
  const text = canonical(pattern, place);
  if (text.startsWith("!") || text.startsWith("/")) throw fault(place, "a site, neither an exclusion nor an expression");
  return text;
}

function fault(place: string, expected: string): SteadError {
  return new SteadError("fileFormat", `${what}${place === "" ? "" : `, at ${place}`}: expected ${expected}.`, { hint: "docs/formats.md describes it; nothing was changed." });
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("").replace(/^\./, "");
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `no field ${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(", ")}`;
  if (issue.code === "invalid_type") return `${/^[aeio]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
  if (issue.code === "invalid_value") return issue.values.map((value) => JSON.stringify(value)).join(" or ");
  return issue.path.at(-1) === "name" || issue.path.at(-1) === "project" ? "1 to 64 visible characters that do not begin with a dash" : "another value";
}

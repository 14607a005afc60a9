/** The parts of the options page, in the order of its sidebar. */
export const sections = ["projects", "rules", "shortcuts", "behaviour", "hosts", "transfer"] as const;
export type Section = (typeof sections)[number];

/** What an address of the page asks for. */
export interface Place {
  section: Section;
  /** For the field of a new rule. */
  pattern: string | undefined;
  /** The id of a project to choose in that field, or to open. */
  project: string | undefined;
}

/** Reads the part of the address from the # on: `#rules`, `#rules?pattern=example.com&project=…`; anything else is the first section. */
export function placeOf(hash: string): Place {
  const [name = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const given = new URLSearchParams(query);
  return {
    section: sections.find((section) => section === name) ?? "projects",
    pattern: given.get("pattern") ?? undefined,
    project: given.get("project") ?? undefined,
  };
}

import { SteadError, toErrorShape } from "../../../shared/errors.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import type { SiteFault } from "./behaviourModel.ts";
import type { Fault } from "./optionsModel.ts";

export interface SiteLines {
  /** In canonical text, each once. */
  sites: string[];
  faults: SiteFault[];
}

/** Sites one a line, as settings.inherit has them: rule patterns that are no expressions and no exclusions. Empty lines mean nothing. */
export function readSiteLines(text: string): SiteLines {
  const sites = new Set<string>();
  const faults: SiteFault[] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "") continue;
    const read = readSite(line);
    if (typeof read === "string") sites.add(read);
    else faults.push({ line: at + 1, text: line, fault: read });
  }
  return { sites: [...sites], faults };
}

function readSite(line: string): string | Fault {
  try {
    const pattern = parsePattern(line);
    if (pattern.kind === "site" && !pattern.exclude) return formatPattern(pattern);
    return { kind: "text", name: "optionsSiteRefused" };
  } catch (error) {
    if (error instanceof SteadError) return { kind: "error", error: toErrorShape(error) };
    throw error;
  }
}

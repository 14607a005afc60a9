import type { Store } from "../../../native-host/store/types.ts";
import { formatLink, parseLink } from "../../../shared/link.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import type { Rule, RuleDraft } from "../../../shared/rules/rule.ts";
import { defaultSettings, type Settings } from "../../../shared/settings.ts";
import { expectWebUrl } from "../../../shared/webUrl.ts";

type Kept = Pick<Store, "rules" | "rulesSince" | "changeRules" | "settings" | "setSettings" | "signLink" | "readLink">;

/** Rules and settings of a store in memory, as the real one keeps them. A link is signed when its mac names the project. */
export function memoryRules({ expect, nextRevision }: { expect: (project: string) => void; nextRevision: () => number }): Kept & {
  latest: () => number;
  dropProject: (project: string) => void;
} {
  const kept = new Map<string, Rule>();
  let settings: Settings = defaultSettings;
  let latest = 0;

  const put = (draft: RuleDraft): Rule => {
    expect(draft.project);
    const pattern = formatPattern(parsePattern(draft.pattern));
    const twin = [...kept.values()].find((rule) => rule.project === draft.project && rule.pattern === pattern);
    const known = draft.id === undefined ? undefined : kept.get(draft.id);
    if (known && twin && twin.id !== known.id) kept.delete(twin.id);
    const old = known ?? twin;
    if (old?.project === draft.project && old.pattern === pattern && old.ask === draft.ask) return old;
    const rule = { id: known?.id ?? twin?.id ?? draft.id ?? crypto.randomUUID(), project: draft.project, pattern, ask: draft.ask };
    kept.set(rule.id, rule);
    return rule;
  };

  return {
    latest: () => latest,
    dropProject: (project) => {
      for (const rule of [...kept.values()]) if (rule.project === project) kept.delete(rule.id);
    },
    rules: (project) => [...kept.values()].filter((rule) => project === undefined || rule.project === project),
    rulesSince: () => ({ store: "store", revision: latest, all: true, set: [...kept.values()], removed: [] }),
    changeRules: (change) => {
      const before = new Map(kept);
      try {
        const removed = change.remove.filter((id) => kept.delete(id)).length;
        const ids = change.put.map((draft) => put(draft).id);
        const rules = ids.flatMap((id) => kept.get(id) ?? []);
        if (removed > 0 || rules.some((rule) => rule !== before.get(rule.id))) latest = nextRevision();
        return { put: rules, removed, revision: latest };
      } catch (error) {
        kept.clear();
        for (const [id, rule] of before) kept.set(id, rule);
        throw error;
      }
    },
    settings: () => settings,
    setSettings: (patch) => {
      nextRevision();
      return (settings = {
        external: patch.external ?? settings.external,
        strict: patch.strict ?? settings.strict,
        inherit: patch.inherit ?? settings.inherit,
        answers: patch.answers ?? settings.answers,
      });
    },
    signLink: (project, url) => {
      expect(project);
      return formatLink({ url: expectWebUrl(url), project: undefined, mac: project });
    },
    readLink: (link) => {
      const { url, mac } = parseLink(link);
      return { url, project: mac ?? null, signed: mac !== undefined };
    },
  };
}

import { SteadError } from "../../shared/errors.ts";
import { readContaineriseStorage } from "../../shared/ruleFiles/containerise.ts";
import { readMultiAccount } from "../../shared/ruleFiles/multiAccount.ts";
import type { ReadRules, RuleFormat } from "../../shared/ruleFiles/index.ts";
import type { StorageArea, StorageOptions } from "../../shared/ruleFiles/storageArea.ts";
import { readExtensionStorage } from "./extensionStorage.ts";
import { type FirefoxProfile, openProfile } from "./firefoxProfile.ts";

interface AddOn {
  format: RuleFormat;
  id: string;
  name: string;
  /** The keys that matter: values can be large. */
  wanted: RegExp;
  read: (storage: StorageArea, options: StorageOptions) => ReadRules;
}

const addOns: readonly AddOn[] = [
  {
    format: "multi-account-containers",
    id: "@testpilot-containers",
    name: "Multi-Account Containers",
    wanted: /^(?:siteContainerMap@@_|identitiesState@@_|proxifiedContainersKey$)/,
    read: readMultiAccount,
  },
  { format: "containerise", id: "containerise@kinte.sh", name: "Containerise", wanted: /^(?:map=|pref=matchDomainOnly$)/, read: readContaineriseStorage },
];

/** What one add-on in a profile gives. */
export interface ProfileRules extends ReadRules {
  format: RuleFormat;
}

/**
 * The rules of Multi-Account Containers and Containerise in a closed Firefox profile, or of the one that is named. Throws
 * `fileFormat` when there are none, and what openProfile() throws.
 */
export async function readProfileRules(path: string, format?: RuleFormat): Promise<ProfileRules[]> {
  const asked = addOns.filter((one) => format === undefined || one.format === format);
  if (asked.length === 0) {
    throw new SteadError("usage", `${path} is a directory: expected the format multi-account-containers or containerise for a Firefox profile.`);
  }
  const profile = await openProfile(path);
  const found = await Promise.all(asked.map((addOn) => readAddOn(profile, addOn)));
  const rules = found.flatMap((one) => one ?? []);
  if (rules.length > 0) return rules;
  const names = asked.map(({ name }) => name).join(" nor ");
  throw new SteadError("fileFormat", `${asked.length > 1 ? "Neither " : "No "}${names} has stored anything in the profile ${path}.`, {
    hint: "Firefox lists its profiles at about:profiles; nothing was changed.",
  });
}

async function readAddOn(profile: FirefoxProfile, { format, id, wanted, read }: AddOn): Promise<ProfileRules | undefined> {
  const uuid = profile.uuids.get(id);
  const storage = uuid === undefined ? undefined : await readExtensionStorage(profile.path, uuid, (key) => wanted.test(key));
  if (!storage) return undefined;
  const rules = read(storage.values, { containers: profile.containers, lineOf: () => null });
  const unreadable = storage.unreadable.map(({ key, reason }) => ({ line: null, reason: `${key}: ${reason}` }));
  return { format, ...rules, skipped: [...rules.skipped, ...unreadable] };
}

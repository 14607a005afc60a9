import { SteadError } from "../errors.ts";
import { parseJson, refusal, withoutMark } from "../formats/refusal.ts";
import { isContainerise } from "./containerise.ts";
import type { RuleFormat } from "./formatNames.ts";
import { linesOf } from "./lines.ts";
import { isMultiAccount } from "./multiAccount.ts";
import { setupMark } from "./setup.ts";
import { isRecord, type StorageArea } from "./storageArea.ts";

/** A file of rules as far as its first look tells: its lines, or an add-on's storage. */
export type Source = { kind: "text"; text: string } | { kind: "storage"; text: string; storage: StorageArea };

/** Throws `fileFormat` for JSON that is no object, and for a set-up document, which another command reads. */
export function readSource(text: string): Source {
  const body = withoutMark(text).trimStart();
  // An IPv6 host begins a line of rules with the bracket that would begin a list.
  if (!body.startsWith("{") && !/^\[\s*[\]{"[]/.test(body)) return { kind: "text", text };
  const document = parseJson(text, "The file");
  if (!isRecord(document)) throw refusal("The file", "an object with the keys of an add-on's storage");
  if (document["stead"] === setupMark) {
    throw new SteadError("fileFormat", "The file is a whole set-up, not rules alone.", { hint: "Use stead project import; nothing was changed." });
  }
  return { kind: "storage", text, storage: document };
}

/** Which format the file is of. Throws `fileFormat`. */
export function detectRules(source: Source): RuleFormat {
  if (source.kind === "text") return detectLines(source.text);
  if (isMultiAccount(source.storage)) return "multi-account-containers";
  if (isContainerise(source.storage)) return "containerise";
  throw refusal("The file", 'the storage of Multi-Account Containers (keys such as "siteContainerMap@@_…") or Containerise ("map=…")');
}

/** By what most of the lines look like, so that bad lines are named and do not decide. */
function detectLines(text: string): RuleFormat {
  const lines = linesOf(text);
  const csv = lines.filter((line) => /^[^\s,]+\s*,\s*[^\s,]/.test(line.text)).length;
  if (csv * 2 > lines.length) return "containerise";
  return lines.some((line) => /[ \t]/.test(line.text)) ? "rules" : "list";
}

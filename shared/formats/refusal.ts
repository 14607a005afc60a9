import type * as z from "zod/mini";
import { SteadError } from "../errors.ts";

/** A document that is not of its format. The message names places and expectations, never what stood there. */
export function refusal(what: string, expected: string): SteadError {
  return new SteadError("fileFormat", `${what}: expected ${expected}.`);
}

/** The text as JSON. The engine's own message quotes the text, so that it is not passed on. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(withoutMark(text));
  } catch {
    throw refusal(what, "valid JSON");
  }
}

/** `data` read by a schema, or a refusal that names the first place where it does not fit. */
export function parseAs<S extends z.ZodMiniType>(schema: S, data: unknown, what: string): z.infer<S> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue ? placeOf(issue.path) : "";
  throw refusal(place === "" ? what : `${what}, at ${place}`, issue ? expectation(issue) : "another document");
}

/** Editors on Windows put a byte order mark in front. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

/** Keys of records the file itself names would be its content: only numbers and the schema's own names come here. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("").replace(/^\./, "");
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `${/^[aeio]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
  if (issue.code === "invalid_value") return issue.values.map((value) => JSON.stringify(value)).join(" or ");
  return issue.code === "custom" ? issue.message : "another kind of value";
}

import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { formatNames, type ImportName, importNames, isFormatName, isImportName } from "../../shared/formats/index.ts";
import { ProjectId } from "../../shared/models.ts";
import { readDuration } from "../cli/duration.ts";
import { expectHolder } from "../store/leases.ts";
import type { Duration, StateFormat, States } from "./types.ts";

/** What a program calls itself. A Firefox profile has an id in its place, and none may be taken for one. Throws `usage`. */
export function readName(name: string): string {
  expectHolder(name);
  if (!ProjectId.safeParse(name).success) return name;
  throw new SteadError("usage", "A program's name was expected, and an id came.");
}

/** In milliseconds; an hour unless said. Throws `usage`. */
export function readTtl(ttl: Duration = "1h"): number {
  return typeof ttl === "number" ? ttl : readDuration(ttl, "ttl");
}

/** `playwright` unless said. Throws `usage`. */
export function readFormat(format: StateFormat = "playwright"): StateFormat {
  if (isFormatName(format)) return format;
  throw unknownFormat(formatNames);
}

/** Throws `usage`. */
export function readImportFormat(format: ImportName | undefined): ImportName | undefined {
  if (format === undefined || isImportName(format)) return format;
  throw unknownFormat(importNames);
}

/** Throws `usage` without one; whether the store ever was at it, the store says. */
export function readBase(base: number | undefined): number {
  if (base !== undefined) return base;
  throw new SteadError("usage", "`base` expects the revision that the state was read at, and none was given.", {
    hint: "Pass the revision that state() answered, or check the project out.",
  });
}

/** A revision or a time. Throws `usage`. */
export function readMoment(to: number | Date | undefined): { revision: number } | { time: number } {
  if (to instanceof Date && Number.isFinite(to.getTime())) return { time: to.getTime() };
  if (Number.isSafeInteger(to)) return { revision: Number(to) };
  throw new SteadError("usage", "`to` expects a revision or a Date.", { hint: "history() lists the revisions there are." });
}

/** A document of the format that was asked for, as a program has it: parsed where it is JSON. It has just been written, and needs no look. */
export function stateFrom<F extends StateFormat>(asked: { format?: F }, document: string): States[F] {
  const format = readFormat(asked.format);
  const isJson = format === "playwright" || format === "json";
  return z.custom<States[F]>().parse(isJson ? JSON.parse(document) : document);
}

function unknownFormat(known: readonly string[]): SteadError {
  return new SteadError("usage", `\`format\` expects one of ${known.join(", ")}.`);
}

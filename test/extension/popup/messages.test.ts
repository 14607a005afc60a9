import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const Messages = z.record(
  z.string(),
  z.object({
    message: z.string(),
    description: z.optional(z.string()),
    placeholders: z.optional(z.record(z.string(), z.object({ content: z.string() }))),
  }),
);
const languages = ["en", "de"] as const;
const read = (language: string) => Messages.parse(JSON.parse(readFileSync(join(root, `extension/_locales/${language}/messages.json`), "utf8")));

/** Every name that sources and manifest ask for; `counted` asks for a pair. */
function namesAskedFor(): Set<string> {
  const sources = readdirSync(join(root, "extension"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(root, "extension", file), "utf8"))
    .join("\n");
  const manifest = readFileSync(join(root, "manifests/extension.json"), "utf8");
  return new Set([
    ...[...sources.matchAll(/"([a-z][A-Za-z0-9]+)"/gu)].flatMap(([, name = ""]) => [name, `${name}One`, `${name}Other`]),
    ...[...manifest.matchAll(/__MSG_(\w+)__/gu)].map(([, name = ""]) => name),
  ]);
}

describe("the messages", () => {
  it.each(languages)("in %s are all used, by the popup, the background page or the manifest", (language) => {
    const asked = namesAskedFor();
    expect(Object.keys(read(language)).filter((name) => !asked.has(name))).toEqual([]);
  });

  it("exist for every name the manifest has", () => {
    const manifest = readFileSync(join(root, "manifests/extension.json"), "utf8");
    for (const [, name = ""] of manifest.matchAll(/__MSG_(\w+)__/gu)) expect(read("en")).toHaveProperty(name);
  });

  it("have the same names and placeholders in every language", () => {
    const shape = (language: string) => Object.entries(read(language)).map(([name, { placeholders }]) => [name, Object.keys(placeholders ?? {})]);
    expect(shape("de")).toEqual(shape("en"));
  });

  it.each(languages)("in %s use every placeholder they declare and no other", (language) => {
    for (const [name, { message, placeholders }] of Object.entries(read(language))) {
      const used = [...message.matchAll(/\$([A-Z]+)\$/gu)].map(([, key = ""]) => key.toLowerCase());
      expect([name, used]).toEqual([name, Object.keys(placeholders ?? {})]);
    }
  });

  it.each(languages)("in %s keep the description within what addons.mozilla.org takes", (language) => {
    expect(read(language)["extDescription"]?.message.length).toBeLessThanOrEqual(132);
  });
});

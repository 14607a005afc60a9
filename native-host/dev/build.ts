import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as vite } from "vite";
import * as z from "zod/mini";
import { writeDeclarations } from "./declarations.ts";
import { pack } from "./pack.ts";

/** The checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));
const unpacked = join(root, "dist/extension");
/** Of the library. */
const types = join(root, "dist/types");

/** Leaves dist/extension/ (unpacked), dist/stead.xpi, dist/native-host/ and dist/types/. Throws when a source is missing or does not compile. */
export async function build(): Promise<void> {
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked, { recursive: true });
  await Promise.all([manifest(), copy("_locales"), copy("icons")]);
  for (const part of ["background", "content", "host"]) await vite({ configFile: config(part), logLevel: "warn" });
  for (const page of await pages()) {
    await vite({
      configFile: config("pages"),
      logLevel: "warn",
      root: join(root, "extension", page),
      build: { outDir: join(unpacked, page), rolldownOptions: { input: join(root, "extension", page, `${page}.html`) } },
    });
  }
  await rm(types, { recursive: true, force: true });
  await writeDeclarations(join(root, "native-host/library/index.ts"), root, types);
  await pack(unpacked, join(root, "dist"), "stead.xpi");
}

/** The extension's pages: every folder with an HTML file of its own name, as popup/popup.html. */
async function pages(): Promise<string[]> {
  const folders = await readdir(join(root, "extension"));
  return folders.filter((folder) => existsSync(join(root, "extension", folder, `${folder}.html`))).sort();
}

function config(part: string): string {
  return join(root, `vite.${part}.config.ts`);
}

const Versioned = z.object({ version: z.string() });

/** The manifest with the package's version: one place says it. */
async function manifest(): Promise<void> {
  const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(root, path), "utf8"));
  const { version } = Versioned.parse(await read("package.json"));
  const written = z.looseObject({}).parse(await read("manifests/extension.json"));
  await writeFile(join(unpacked, "manifest.json"), `${JSON.stringify({ ...written, version }, null, 2)}\n`);
}

async function copy(folder: string): Promise<void> {
  await cp(join(root, "extension", folder), join(unpacked, folder), { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const begin = performance.now();
  await build();
  process.stderr.write(`Built dist/ in ${((performance.now() - begin) / 1000).toFixed(1)} s.\n`);
}

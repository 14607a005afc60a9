import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import type { World } from "../e2e/support/world.ts";

const Manifest = z.looseObject({ path: z.string() });

/** Has every byte that Firefox sends to its host from its next start on copied into a file; answers how to learn how many there are. */
export async function copyToHost(world: World): Promise<() => Promise<number>> {
  const manifest = join(world.home, ".mozilla/native-messaging-hosts/stead.json");
  const copy = join(world.home, "to-host");
  const wrapper = join(world.home, "copying-host");
  const named = Manifest.parse(JSON.parse(await readFile(manifest, "utf8")));
  await writeFile(copy, "", { mode: 0o600 });
  await writeFile(wrapper, `#!/bin/sh\ntee -a '${copy}' | '${named.path}' "$@"\n`, { mode: 0o700 });
  await writeFile(manifest, JSON.stringify({ ...named, path: wrapper }));
  return async () => (await stat(copy)).size;
}

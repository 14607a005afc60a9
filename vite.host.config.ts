import { chmodSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";
import type { Plugin } from "vite";

/** Modules with native parts, loaded from node_modules as they are. */
const native = ["better-sqlite3", "@napi-rs/keyring"];
const programs = new Set(["stead.js", "stead-host.js"]);

/** The command line, the native host, the library and their helpers. Dynamic imports stay files of their own: a command loads what it uses. */
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: native },
  build: {
    ssr: true,
    outDir: "dist/native-host",
    emptyOutDir: true,
    target: "node20",
    minify: true,
    rolldownOptions: {
      input: {
        stead: "native-host/stead.ts",
        "stead-host": "native-host/stead-host.ts",
        library: "native-host/library/index.ts",
        storeWorker: "native-host/host/storeWorker.ts",
        keeper: "native-host/vault/keeper.ts",
      },
      external: native,
      // Side by side, so that a file finds another by `new URL("./keeper.js", import.meta.url)` wherever its code ended up.
      output: { format: "esm", entryFileNames: "[name].js", chunkFileNames: "part-[name]-[hash].js" },
    },
  },
  plugins: [executable()],
});

/** Gives the programs a shebang and the mode to run. */
function executable(): Plugin {
  return {
    name: "executable",
    generateBundle(_options, bundle) {
      for (const part of Object.values(bundle)) {
        if (part.type !== "chunk" || !programs.has(part.fileName) || part.code.startsWith("#!")) continue;
        part.code = `#!/usr/bin/env node\n${part.code}`;
      }
    },
    writeBundle(options, bundle) {
      for (const file of Object.keys(bundle)) {
        if (programs.has(file)) chmodSync(join(options.dir ?? "dist/native-host", file), 0o755);
      }
    },
  };
}

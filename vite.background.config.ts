import { defineConfig } from "vite";

/** The event page as one classic script: waking it loads one file. Not minified, so that reviewers read what runs. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "dist/extension",
    emptyOutDir: false,
    target: "firefox142",
    minify: false,
    modulePreload: false,
    rolldownOptions: {
      input: "extension/background.ts",
      output: { format: "iife", entryFileNames: "background.js", codeSplitting: false },
    },
  },
});

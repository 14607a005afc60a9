import { defineConfig } from "vite";

/** What runs in the documents of projects, as one classic script. Not minified, so that reviewers read what runs. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "dist/extension/content",
    emptyOutDir: false,
    target: "firefox142",
    minify: false,
    modulePreload: false,
    rolldownOptions: {
      input: "extension/content/storage.ts",
      output: { format: "iife", entryFileNames: "storage.js", codeSplitting: false },
    },
  },
});

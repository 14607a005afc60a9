import { defineConfig } from "vite";

/** The popup's page with its script and style beside it. */
export default defineConfig({
  root: "extension/popup",
  base: "./",
  publicDir: false,
  build: {
    outDir: "../../dist/extension/popup",
    emptyOutDir: false,
    target: "firefox142",
    minify: false,
    modulePreload: false,
    rolldownOptions: {
      input: "extension/popup/popup.html",
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name].[ext]" },
    },
  },
});

import { defineConfig } from "vite";

/** A page of the extension with its script and style beside it, each in one file: opening it loads three. build.ts adds which page. */
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    emptyOutDir: false,
    target: "firefox142",
    minify: false,
    modulePreload: false,
    rolldownOptions: {
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name].[ext]" },
    },
  },
});

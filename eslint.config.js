import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", ".build/", "node_modules/", "test/results/", "*.js"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // The event map types of Node and Firefox say more than they keep.
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      eqeqeq: "error",
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "webextension-polyfill", message: "Import extension/browser/webext.ts instead." }] },
      ],
    },
  },
  { files: ["extension/browser/webext.ts"], rules: { "no-restricted-imports": "off" } },
  {
    // console.log in the host is a native-messaging frame (docs/architecture.md).
    files: ["native-host/**", "shared/**", "extension/**"],
    rules: { "no-console": ["error", { allow: ["error", "warn"] }] },
  },
);

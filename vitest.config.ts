import { defineConfig } from "vitest/config";

const second = 1000;

/** Four kinds of test, by what they need: nothing, other programs, a real Firefox, faults injected from outside. test/bench is no test. */
export default defineConfig({
  test: {
    // Vitest would leave one core of two idle.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/{shared,native-host,extension}/**/*.test.ts"],
          testTimeout: 15 * second,
        },
      },
      { test: { name: "tools", include: ["test/tools/**/*.test.ts"], testTimeout: 60 * second, hookTimeout: 60 * second } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          // One Firefox at a time: two cores, one screen.
          fileParallelism: false,
          testTimeout: 60 * second,
          hookTimeout: 120 * second,
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 300 * second,
          hookTimeout: 120 * second,
        },
      },
    ],
  },
});

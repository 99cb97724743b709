import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Real child processes and sockets on two cores: more forks than cores only make deadlines late.
    maxWorkers: 2,
    // .ci/run counts from this file.
    reporters: process.env["VITEST_RESULTS"]
      ? ["default", ["json", { outputFile: process.env["VITEST_RESULTS"] }]]
      : ["default"],
  },
});

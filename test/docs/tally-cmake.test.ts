/** The page's Tally.cmake with names of tests as they really are: quotes, brackets, semicolons, backslashes. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { buildExample, type BuiltExample } from "../examples/built-example.ts";
import { missingOf } from "../examples/toolchain.ts";
import { readPage } from "./page.ts";
import { openShell } from "./shell.ts";

const missing = missingOf(["cc", "make", "cmake", "ctest"]);
const title = "CTest fails exactly where Tally does, whatever the tests are called";

let example: BuiltExample | undefined;
beforeAll(() => {
  if (missing === undefined) example = buildExample("make", ["--silent", "-C", "production-c", "stdio"]);
}, 120_000);
afterAll(() => example?.remove());

test.skipIf(missing !== undefined)(
  missing === undefined ? title : `${title} (${missing})`,
  { timeout: 120_000 },
  async () => {
    if (example === undefined) throw new Error("not built");
    const program = "production-c/build/first-attempt-stdio";
    const shell = await openShell(undefined);
    onTestFinished(shell.close);
    shell.write("Tally.cmake", tallyCmake());
    shell.write(
      "CMakeLists.txt",
      [
        "cmake_minimum_required(VERSION 3.19)",
        "project(sqli NONE)",
        "enable_testing()",
        "include(Tally.cmake)",
        `tally_discover_tests(first SUITE "${example.root}" ENDPOINT "cmd:${program}")`,
      ].join("\n"),
    );
    await shell.run("cmake -S . -B build");
    const output = await shell.run("ctest --test-dir build");
    const failed = [...output.matchAll(/^\s+\d+ - (.*) \(Failed\)$/gm)].map(([, name = ""]) => name);
    const { judged } = await example.judge({ command: program });
    const expected = judged.filter(({ verdict }) => verdict === "fail").map(({ id }) => `first: ${id}`);
    expect(failed.toSorted(), output).toEqual(["first.whole", ...expected].toSorted());
    expect(output).toContain(`${failed.length} tests failed out of ${judged.length + 2}\n`);
  },
);

function tallyCmake(): string {
  const steps = readPage("docs/guide/development-c.md").flatMap((project) => project.steps);
  const file = steps.find((step) => step.kind === "file" && step.path === "cmake/Tally.cmake");
  if (file?.kind !== "file") throw new Error("the page has no Tally.cmake");
  return file.text;
}

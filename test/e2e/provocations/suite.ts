/** What can be wrong with test files: each is one error, and the other files are judged. */
import { contract, connector } from "../../kit/length-model.ts";
import type { ExitCode } from "../../../src/kernel/errors.ts";
import type { Provocation } from "./provocation.ts";

const model = { "tally.toml": contract, "connector.ts": connector };
const good = `import { operation, test } from "tallyml";\nconst process = operation("process");\ntest("good", async () => {\n  await process({ text: "a" });\n});\n`;
const typed = `import { expect, operation, test } from "tallyml";\nconst process = operation("process");\n`;

const told = ["test", "--reporter", "ndjson"];

/** Files beside a good one. */
function files(
  fact: string,
  codes: Provocation["codes"],
  broken: Readonly<Record<string, string>>,
  exit: ExitCode = 2,
): Provocation {
  return { fact, codes, files: { ...model, "tests/good.test.ts": good, ...broken }, args: told, exit };
}

export const suiteProvocations: readonly Provocation[] = [
  files(
    "test files that do not load",
    [
      "suite-syntax",
      "suite-typescript",
      "suite-import",
      "suite-load",
      "suite-no-tests",
      "operation-unknown",
      "suite-outside",
      "suite-died",
    ],
    {
      "tests/a-syntax.test.ts": `import { test } from "tallyml";\ntest("x", () => { const = 3; });\n`,
      "tests/b-enum.test.ts": `import { test } from "tallyml";\nenum Colour { red }\ntest("x", () => {});\n`,
      "tests/c-import.test.ts": `import { x } from "./other";\n`,
      "tests/d-throws.test.ts": `const nothing: any = undefined;\nnothing.x.y();\n`,
      "tests/e-empty.test.ts": `export const x = 1;\n`,
      "tests/f-operation.test.ts": `import { operation } from "tallyml";\noperation("proces");\n`,
      "tests/g-outside.test.ts": `import { operation } from "tallyml";\nawait operation("process")({ text: "a" });\n`,
      "tests/h-exit.test.ts": `process.exit(7);\n`,
    },
  ),
  {
    fact: "a forgotten .only where CI is set",
    codes: ["suite-only"],
    files: { ...model, "tests/good.test.ts": good.replace("test(", "test.only(") + `test("other", () => {});\n` },
    arrange: () => ({ env: { CI: "1" } }),
    args: told,
    exit: 2,
  },
  {
    ...files("a test file that never comes to an end while it loads", ["suite-load-timeout"], {
      "tests/slow.test.ts": `import { test } from "tallyml";\nawait new Promise(() => {});\ntest("a", () => {});\n`,
    }),
    args: [...told, "--test-timeout", "1s"],
  },
  files(
    "tests that contradict the contract",
    [
      "input-type",
      "input-missing",
      "input-unknown",
      "expected-unknown",
      "expected-type",
      "expected-undefined",
      "expected-answer",
    ],
    {
      "tests/a.test.ts": `${typed}
test("type", async () => { await process({ text: 3 }); });
test("missing", async () => { await process({}); });
test("unknown", async () => { await process({ text: "a", txet: "b" }); });
test("expected field", async () => { expect(await process({ text: "a" })).toTally({ lenght: 1 }); });
test("expected undefined", async () => { const row = {}; expect(await process({ text: "a" })).toTally({ length: row.length }); });
test("expected answer", async () => { const asked = process({ text: "a" }); expect(asked).toTally({ length: 1 }); await asked; });
test("expected type", async () => { expect(await process({ text: "a" })).toTally({ length: "1" }); });
`,
    },
    1,
  ),
  {
    fact: "a call that is still open when the time of its test is over",
    codes: ["test-unanswered"],
    files: {
      "tally.toml": contract,
      "connector.ts": connector.replace(
        "process(frame: Frame<Row>) {",
        "async process(frame: Frame<Row>) {\n    await new Promise((go) => setTimeout(go, 5_000));",
      ),
      "tests/a.test.ts": good,
    },
    args: [...told, "--test-timeout", "500ms"],
    exit: 3,
  },
  { fact: "a project without any test", codes: ["suite-empty"], files: model, args: told, exit: 5 },
  {
    fact: "a suite whose tests are all skipped",
    codes: ["suite-all-skipped"],
    files: { ...model, "tests/a.test.ts": `import { test } from "tallyml";\ntest.skip("a", () => {});\n` },
    args: told,
    exit: 5,
  },
  { ...files("an expression that selects nothing", ["suite-no-match"], {}), args: [...told, "-k", "godo"] },
  {
    ...files("a path that is no file of the suite", ["suite-file-unknown"], {}),
    args: [...told, "tests/goood.test.ts"],
  },
  {
    ...files(
      "recorded answers that were cut off",
      ["answers-torn"],
      { ".tally/answers.jsonl": `{"operation":"process","inp` },
      5,
    ),
    args: [...told, "-e", "node:connector.ts"],
  },
];

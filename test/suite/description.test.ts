/** What an endpoint says of itself is held against the contract before any value is. */
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { contract } from "../kit/length-model.ts";
import { normal, project } from "../kit/project.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};
const operations = {
  process: ({ text }: Readonly<Record<string, unknown>>) => ({ length: String(text).length, half: 1.5, label: null }),
};

async function header(description: object | false): Promise<string> {
  const suite = project(files);
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await fauxModel(operations, { description }));
  const { exit, stdout } = await suite.tally(["test"], { env: { ENDPOINT: url } });
  return `exit ${exit}\n${normal(stdout.slice(0, stdout.indexOf("✓")), suite.root)}`;
}

test("operations, fields and types that part are one block before the results", async () => {
  expect(
    await header({
      tally: 1,
      operations: {
        process: {
          input: { query: "string" },
          output: { length: "string", half: "float64", label: "string", extra: "int" },
        },
      },
    }),
  ).toMatchInlineSnapshot(`
    "exit 0
     lengths-ml-test 1.0.0 · sha256:<digest> · tally 0.1.0
     candidate  http://127.0.0.1:<port>

     The endpoint describes itself otherwise than the contract:
       process input text     contract: string, endpoint: not there
       process input query    contract: not there, endpoint: string
       process output length  contract: int, endpoint: string
       process output label   contract: string?, endpoint: string
       process output extra   contract: not there, endpoint: int
       inference              contract: an operation, endpoint: not there

     "
  `);
});

test.for<[string, object | false]>([
  ["nothing", false],
  [
    "the same",
    {
      operations: {
        process: { input: { text: "string" }, output: { length: "int", half: "float64", label: "string?" } },
        inference: {},
      },
    },
  ],
  ["names alone", { operations: ["process", "inference"] }],
  [
    "types in words of its own",
    { operations: { process: { output: { length: "number", half: "Double", label: "text" } }, inference: {} } },
  ],
  ["a JSON Schema", { operations: { process: { input: { type: "object", properties: {} } }, inference: {} } }],
])("an endpoint that describes %s is not said to differ", async ([, description]) => {
  expect(await header(description)).not.toContain("describes itself");
});

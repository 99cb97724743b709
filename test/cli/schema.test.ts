import { expect, test } from "vitest";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"three letters","input":{"text":"abc"},"expect":{"length":3,"half":1.5,"label":null}}\n`,
};

test("the contract is printed as JSON Schema, with both sides of every operation", async () => {
  const { exit, stdout } = await project(files).tally(["schema"]);
  const schema: { $defs: Record<string, unknown> } = JSON.parse(stdout);
  expect(exit).toBe(0);
  expect(Object.keys(schema.$defs)).toEqual(
    expect.arrayContaining(["process.input", "process.output", "inference.input", "inference.output"]),
  );
});

test("the contract is printed as OpenAPI 3.1, with the cases as examples", async () => {
  const { stdout } = await project(files).tally(["schema", "--format", "openapi"]);
  const api: { openapi: string; paths: Record<string, unknown> } = JSON.parse(stdout);
  expect(api.openapi).toMatch(/^3\.1\./);
  expect(Object.keys(api.paths)).toEqual(expect.arrayContaining(["/process", "/inference"]));
  expect(stdout).toContain('"text": "abc"');
});

test("the contract is printed as OpenAPI 3.0.3 for those who know no newer one", async () => {
  const { stdout } = await project(files).tally(["schema", "--format", "openapi-3.0"]);
  const api: { openapi: string; components: { schemas: Record<string, { properties?: object }> } } = JSON.parse(stdout);
  expect(api.openapi).toBe("3.0.3");
  expect(api.components.schemas["process.output"]?.properties).toMatchObject({
    label: { type: "string", nullable: true },
  });
});

test("the contract is printed as Markdown, with the cases as examples", async () => {
  const { stdout } = await project(files).tally(["schema", "--format", "markdown"]);
  expect(stdout).toMatchInlineSnapshot(`
    "# lengths 1.0.0

    Stages: \`process\` → \`inference\`

    ## process

    **Input**

    | field | type | unit | meaning |
    |---|---|---|---|
    | \`text\` | \`string\` |  |  |

    **Output**

    | field | type | agrees when | unit | meaning |
    |---|---|---|---|---|
    | \`length\` | \`int\` | equal |  |  |
    | \`half\` | \`float64\` | within a relative 1e-9 |  |  |
    | \`label\` | \`string?\` | equal |  |  |

    Fields that are not listed are a warning.

    **Examples**

    three letters:

    \`\`\`text
    {"text":"abc"}
    → {"length":3,"half":1.5,"label":null}
    \`\`\`

    ## inference

    Comes after \`process\`.

    **Input**

    | field | type | unit | meaning |
    |---|---|---|---|
    | \`text\` | \`string\` |  |  |

    **Output**

    | field | type | agrees when | unit | meaning |
    |---|---|---|---|---|
    | \`long\` | \`boolean\` | equal |  |  |
    | \`score\` | \`float64\` | within 1e-6 |  | Decides \`long\` at 0.5. |

    Fields that are not listed are a warning.
    "
  `);
});

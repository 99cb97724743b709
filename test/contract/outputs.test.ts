/** What is made from a contract: JSON Schema, OpenAPI, Markdown; and what is made from its description. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { generateConfig } from "../../tools/generate/config.ts";
import { defaultField, effectiveTolerance, jsonField } from "../../src/contract/default-field.ts";
import { jsonSchema } from "../../src/contract/json-schema.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { contractMarkdown } from "../../src/contract/markdown.ts";
import { openApi } from "../../src/contract/openapi.ts";
import { asOpenApi30 } from "../../src/contract/openapi-3-0.ts";
import { parseType } from "../../src/contract/type-grammar.ts";

const source = `[model]
name = "house*prices"
version = "2.0.0"
[operations.process]
doc = "Features | of a house."
input = { area = { type = "float64", unit = "m²", doc = "Living area" }, built = "date?", photo = "bytes" }
extra = "error"
[operations.process.output]
age = { type = "int?", doc = "Years since it was built" }
ratio = "float64"
ratio32 = "float32?"
seen = { type = "timestamp", abs = "1ms" }
[operations.price]
input = "process"
[operations.price.output]
price = { type = "decimal", scale = 2, unit = "EUR" }
p_sale = { type = "float64", abs = 1e-6, threshold = 0.5, decides = "sells" }
sells = "boolean"
level = { type = "category", values = ["low", "a|b"] }
id = { type = "uint64", sensitive = true }
small = "int8"
tags = { type = "list<string>", order = "set", normalize = ["nfc"] }
raw = "json"
exact = { type = "float64", exact = true, signed_zero = true }
near = { type = "list", order = "multiset", items = { type = "struct", fields = { name = "string", km = { type = "float32", ulp = 8, rel = 1e-6 } } } }
`;
const contract = parseContract(source, "/m/tally.toml");
const undeclared = parseContract('[model]\nname = "m"\n', "/m/tally.toml");

const input = { area: 81.5, built: null, photo: "AQID" };
const features = { age: 30, ratio: "NaN", ratio32: null, seen: "2026-01-01T00:00:00.5+01:00" };
const price = {
  price: 1.25,
  p_sale: 0.7,
  sells: true,
  level: "a|b",
  id: 1,
  small: -128,
  tags: [],
  raw: { any: [1] },
  exact: "-Infinity",
  near: [{ name: "school", km: 0.5 }],
};
const failed = { $error: { type: "ValueError", message: "no such area" } };

function isValid(name: string, value: unknown): boolean {
  const ajv = new Ajv2020({ strict: false, logger: false, allErrors: true });
  ajv.addSchema(jsonSchema(contract), "contract");
  return ajv.validate({ $ref: `contract#/$defs/${name}` }, value);
}

test("records and batches that fit the contract fit its JSON Schema", () => {
  expect(isValid("process.input", input)).toBe(true);
  expect(isValid("process.request", [input, input])).toBe(true);
  expect(isValid("process.response", [features, failed])).toBe(true);
  expect(isValid("price.input", features)).toBe(true);
  expect(isValid("price.output", price)).toBe(true);
  expect(isValid("price.response", [price, { ...price, extra: 1 }])).toBe(true);
});

const wrong: readonly [string, string, unknown][] = [
  ["a missing field", "process.input", { area: 1, built: null }],
  ["null where it is not allowed", "process.input", { ...input, area: null }],
  ["a text in a float field", "process.input", { ...input, area: "81.5" }],
  ["a date with a time", "process.output", { ...features, seen: "2026-01-01" }],
  ["a field that is not declared, where that is an error", "process.output", { ...features, more: 1 }],
  ["a fraction in an integer field", "price.output", { ...price, id: 1.5 }],
  ["an integer out of range", "price.output", { ...price, small: 128 }],
  ["a negative unsigned integer", "price.output", { ...price, id: -1 }],
  ["a category's unknown value", "price.output", { ...price, level: "b" }],
  ["a boolean as a number", "price.output", { ...price, sells: 1 }],
  ["a wrong element", "price.output", { ...price, tags: [1] }],
  ["a struct without a field", "price.output", { ...price, near: [{ name: "school" }] }],
  ["an error without a type", "price.response", [{ $error: { message: "x" } }]],
  ["one record where a batch belongs", "price.request", features],
];

test.each(wrong)("%s does not fit the JSON Schema", (_, name, value) => {
  expect(isValid(name, value)).toBe(false);
});

test("the JSON Schema itself is valid, also without operations", () => {
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validateSchema(jsonSchema(contract))).toBe(true);
  expect(ajv.validateSchema(jsonSchema(undeclared))).toBe(true);
});

const python = spawnSync("python3", ["-c", "import openapi_spec_validator"]).status === 0;

test.skipIf(!python)("the OpenAPI document is valid by openapi-spec-validator (skipped where Python lacks it)", () => {
  for (const made of [contract, undeclared]) {
    const text = JSON.stringify(openApi(made, { servers: ["http://localhost:8080"] }));
    const check = "import json,sys,openapi_spec_validator as o; o.validate(json.load(sys.stdin)); print('valid')";
    expect(execFileSync("python3", ["-c", check], { input: text, encoding: "utf8" })).toBe("valid\n");
  }
});

test("the examples of the OpenAPI document fit its own schemas", () => {
  const document = openApi(contract);
  const ajv = new Ajv2020({ strict: false, logger: false });
  ajv.addSchema(document, "api");
  let checked = 0;
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("example" in value && "schema" in value) {
      const { $ref } = value.schema as { $ref: string };
      expect([ajv.validate({ $ref: `api${$ref}` }, value.example), $ref, ajv.errorsText()]).toEqual([
        true,
        $ref,
        "No errors",
      ]);
      checked++;
    }
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(document);
  expect(checked).toBe(4);
});

test("as OpenAPI 3.0.3 the document has no word of 3.1, whatever fields are called, and the examples fit it", () => {
  const named = parseContract(
    `[model]\nname = "m"\n[operations.process]\ninput = { const = "int?", type = "category?", example = "bytes" }\n[operations.process.output]\nanyOf = "float64?"\nlevel = { type = "category?", values = ["low"] }\nproperties = { type = "struct", fields = { type = "string?" } }\n`,
    "/m/tally.toml",
  );
  const modern: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "example" && path.endsWith("json")) continue;
      const isWord = !/\/(properties|schemas)$/.test(path);
      if (isWord && (key === "const" || key === "contentEncoding")) modern.push(`${path}/${key}`);
      if (isWord && key === "type" && (Array.isArray(inner) || inner === "null")) modern.push(`${path}/${key}`);
      walk(inner, `${path}/${key}`);
    }
  };
  for (const made of [contract, undeclared, named]) {
    const document = asOpenApi30(openApi(made));
    expect(document["openapi"]).toBe("3.0.3");
    walk(document, "");
  }
  expect(modern).toEqual([]);
  const document = asOpenApi30(openApi(named)) as { components: { schemas: object } };
  const ajv = new Ajv({ strict: false, logger: false });
  ajv.addSchema(document, "api");
  const fits = (schema: string, value: unknown): boolean =>
    ajv.compile({ $ref: `api#/components/schemas/${schema}` })(value);
  expect(fits("process.input", { const: null, type: null, example: "AQID" })).toBe(true);
  expect(fits("process.input", { const: "1", type: null, example: "AQID" })).toBe(false);
  expect(fits("process.output", { anyOf: null, level: null, properties: { type: null } })).toBe(true);
  expect(fits("process.output", { anyOf: 1, level: "high", properties: { type: null } })).toBe(false);
  expect(fits("process.output", { anyOf: 1, level: "low", properties: null })).toBe(false);
});

test("a whole row of a case table becomes the example of the OpenAPI document; a partial or sensitive one does not", () => {
  const answers = [{ age: 1 }, features].map((answer) => JSON.stringify(answer));
  const examples = answers.map((expected) => ({
    name: "x",
    operation: "process",
    input: JSON.stringify(input),
    expect: expected,
  }));
  examples.push({ name: "y", operation: "price", input: JSON.stringify(features), expect: JSON.stringify(price) });
  const { paths } = openApi(contract, { examples }) as { paths: Record<string, { post: { responses: object } }> };
  const shown = ["/process", "/price"].map((path) => JSON.stringify(paths[path]?.post.responses));
  expect(shown[0]).toContain(`"example":[${JSON.stringify(features)}]`);
  expect(shown[1]).not.toContain("school");
});

test("the living specification names stages, types, tolerances in words, units and examples", () => {
  const example = { name: "an old_house", operation: "process", input: JSON.stringify(input), expect: '{"age":30}' };
  const within = {
    name: "any",
    operation: "price",
    input: JSON.stringify(features),
    expect: '{"id":9007199254740993,"price":1.50}',
  };
  const typed = { name: "within", operation: "price", input: JSON.stringify(features) };
  expect(contractMarkdown(contract, [example, within, typed])).toMatchInlineSnapshot(`
    "# house\\*prices 2.0.0

    Stages: \`process\` → \`price\`

    ## process

    Features \\| of a house.

    **Input**

    | field | type | unit | meaning |
    |---|---|---|---|
    | \`area\` | \`float64\` | m² | Living area |
    | \`built\` | \`date?\` |  |  |
    | \`photo\` | \`bytes\` |  |  |

    **Output**

    | field | type | agrees when | unit | meaning |
    |---|---|---|---|---|
    | \`age\` | \`int?\` | equal |  | Years since it was built |
    | \`ratio\` | \`float64\` | within a relative 1e-9 |  |  |
    | \`ratio32\` | \`float32?\` | at most 4 float32 steps apart |  |  |
    | \`seen\` | \`timestamp\` | the instants are at most 1 ms apart |  |  |

    Fields that are not listed are a mismatch.

    **Examples**

    an old_house:

    \`\`\`text
    {"area":81.5,"built":null,"photo":"AQID"}
    → {"age":30}
    \`\`\`

    ## price

    Comes after \`process\`.

    **Input**: what \`process\` answers.

    **Output**

    | field | type | agrees when | unit | meaning |
    |---|---|---|---|---|
    | \`price\` | \`decimal\`, 2 digits after the point | equal | EUR |  |
    | \`p_sale\` | \`float64\` | within 1e-6 |  | Decides \`sells\` at 0.5. |
    | \`sells\` | \`boolean\` | equal |  |  |
    | \`level\` | \`category\`: \`low\`, \`a\\|b\` | equal |  |  |
    | \`id\` | \`uint64\` | equal |  | Sensitive: shown as a hash. |
    | \`small\` | \`int8\` | equal |  |  |
    | \`tags\` | \`list<string>\` | equal; as a set, after nfc |  |  |
    | \`raw\` | \`json\` | numbers within a relative 1e-9, all else equal |  |  |
    | \`exact\` | \`float64\` | equal, to the last digit; −0 is not 0 |  |  |
    | \`near\` | list of \`struct\` | each field agrees; in any order, each as often |  |  |
    | \`near[].name\` | \`string\` | equal |  |  |
    | \`near[].km\` | \`float32\` | within a relative 1e-6 or at most 8 float32 steps apart |  |  |

    Fields that are not listed are a warning.

    **Examples**

    any:

    \`\`\`text
    {"age":30,"ratio":"NaN","ratio32":null,"seen":"2026-01-01T00:00:00.5+01:00"}
    → {"id":"(sensitive)","price":1.50}
    \`\`\`

    within:

    \`\`\`text
    {"age":30,"ratio":"NaN","ratio32":null,"seen":"2026-01-01T00:00:00.5+01:00"}
    → answers within the types above
    \`\`\`
    "
  `);
  expect(contractMarkdown(undeclared)).toMatchInlineSnapshot(`
    "# m

    No operations are declared: every value is \`json\`. Numbers agree within a relative 1e-9, everything else exactly.
    "
  `);
});

test("default tolerances: floats have one, everything else is exact, a key turns the default off", () => {
  const types = ["float64", "float32", "json", "list<float32?>", "int", "decimal", "string", "timestamp"];
  const tolerances = types.map((text) => {
    const parsed = parseType(text);
    return [text, "type" in parsed && effectiveTolerance(defaultField(parsed.type))];
  });
  expect(Object.fromEntries(tolerances)).toEqual({
    float64: { rel: 1e-9 },
    float32: { ulp: 4 },
    json: { rel: 1e-9 },
    "list<float32?>": { ulp: 4 },
    int: {},
    decimal: {},
    string: {},
    timestamp: {},
  });
  expect(effectiveTolerance(jsonField)).toEqual({ rel: 1e-9 });
  expect(effectiveTolerance({ ...jsonField, tolerance: { exact: true } })).toEqual({});
  expect(effectiveTolerance({ ...jsonField, tolerance: { abs: 0 } })).toEqual({ abs: 0 });
});

test("schema and reference page in the repository are what the keys generate", () => {
  for (const { path, text } of generateConfig()) expect(readFileSync(resolve(path), "utf8")).toBe(text);
});

test("the editor's schema accepts what the checker accepts and refuses what it refuses", () => {
  const schema: object = JSON.parse(readFileSync(resolve("schema/tally.schema.json"), "utf8"));
  const validate = new Ajv({ strict: false }).compile(schema);
  const accepts = (text: string): boolean =>
    validate(
      JSON.parse(
        JSON.stringify(parse(text, { integersAsBigInt: "asNeeded" }), (_, value: unknown) =>
          typeof value === "bigint" ? Number(value) : value,
        ),
      ),
    );
  const page = readFileSync(resolve("docs/reference/config.md"), "utf8");
  expect(accepts(source)).toBe(true);
  expect(accepts(/```toml\n([\s\S]*?)```/.exec(page)?.[1] ?? "")).toBe(true);
  expect(accepts(readFileSync(resolve("examples/sqli/tally.toml"), "utf8"))).toBe(true);
  const faults = readFileSync(resolve("test/contract/contract-faults.test.ts"), "utf8");
  // Everything that the checker calls a wrong key or type (and not what keys say about each other) is wrong there too.
  const refused = [...faults.matchAll(/faultOf\(\s*`([^`]*)`/g)].filter(({ 1: text, index }) => {
    const code = /error\[([a-z-]+)\]/.exec(faults.slice(index + (text?.length ?? 0)))?.[1] ?? "";
    return [
      "contract-type",
      "contract-unknown-key",
      "contract-key-missing",
      "contract-name",
      "contract-type-name",
    ].includes(code);
  });
  expect(refused.length).toBeGreaterThan(25);
  // Beyond a schema: TOML dates (JSON has none), closed brackets, numbers that become 0, the grammar of ranges.
  const missed = refused.map(({ 1: text }) => text ?? "").filter((text) => accepts(text));
  expect(missed).toMatchInlineSnapshot(`
    [
      "[model]
    name = "m"
    version = 2026-11-22
    ",
      "[model]
    name = "m"
    [operations.predict]
    input = { x = "float64" }
    output = { scores = "list<float64" }
    ",
      "[model]
    name = "m"
    [operations.predict]
    input = { x = "float64" }
    output = { score = { type = "float64", abs = 1e-400 } }
    ",
      "[model]
    name = "m"
    [tally]
    requires = "newest"
    ",
    ]
  `);
});

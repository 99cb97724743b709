/** Writes what is derived from `src/contract/keys.ts`: the JSON Schema for editors and the reference page of all keys. */
import { elementKeys, fieldKeys, namedShapes } from "../../src/contract/field-keys.ts";
import { durationPattern } from "../../src/contract/duration.ts";
import { contractKeys, contractShape, operationKeys } from "../../src/contract/keys.ts";
import { expectation } from "../../src/contract/check-keys.ts";
import { acceptedKeys, baselineShape } from "../../src/suite/baseline/baseline-keys.ts";
import type { Key, Shape } from "../../src/contract/shape.ts";
import { typeNames } from "../../src/contract/type-grammar.ts";

/** The generated files: path from the repository's root, and content. */
export function generateConfig(): { path: string; text: string }[] {
  return [
    { path: "schema/tally.schema.json", text: `${JSON.stringify(editorSchema(), undefined, 2)}\n` },
    { path: "schema/baseline.schema.json", text: `${JSON.stringify(baselineSchema(), undefined, 2)}\n` },
    { path: "docs/reference/config.md", text: configPage() },
  ];
}

/** Draft 7: what editors (Taplo, Even Better TOML) understand. */
function editorSchema(): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "tally.toml",
    description:
      "The contract of a model: operations, fields, tolerances, and where connector, endpoints and tests are.",
    ...schemaOf(contractShape),
    definitions: { field: schemaOf(namedShapes.field), element: schemaOf(namedShapes.element) },
  };
}

function baselineSchema(): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "tally.baseline.toml",
    description: "Failures that are accepted for a time, each with a reason, an owner, a last day and how it fails.",
    ...schemaOf(baselineShape),
  };
}

function schemaOf(shape: Shape): object {
  switch (shape.is) {
    case "text":
      return { type: "string", ...(shape.pattern !== "" && { pattern: shape.pattern ?? "\\S" }) };
    case "integer":
      return { type: "integer", minimum: shape.min, maximum: shape.max };
    case "number":
      return { type: "number", ...(shape.min !== undefined && { minimum: shape.min }) };
    case "boolean":
      return { type: "boolean" };
    case "choice":
      return { type: "string", enum: shape.of };
    case "duration":
      return { type: "string", pattern: durationPattern };
    case "type":
      return { type: "string", pattern: `^\\s*(list\\s*<\\s*)*(${typeNames.join("|")})\\s*\\??(\\s*>\\s*\\??)*\\s*$` };
    case "list":
      return { type: "array", items: schemaOf(shape.of), ...(shape.min !== undefined && { minItems: shape.min }) };
    case "map":
      return {
        type: "object",
        propertyNames: { pattern: shape.names.pattern },
        additionalProperties: schemaOf(shape.of),
      };
    case "either":
      return { anyOf: [schemaOf(shape.scalar), schemaOf(shape.other)] };
    case "ref":
      return { $ref: `#/definitions/${shape.to}` };
    default:
      return tableSchema(shape.keys);
  }
}

function tableSchema(keys: readonly Key[]): object {
  const required = keys.filter((key) => key.required).map((key) => key.name);
  return {
    type: "object",
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(keys.map((key) => [key.name, described(key)])),
    additionalProperties: false,
  };
}

/** Draft 7 ignores what stands beside `$ref`. */
function described(key: Key): object {
  const schema = schemaOf(key.shape);
  return "$ref" in schema ? { description: key.doc, allOf: [schema] } : { description: key.doc, ...schema };
}

const example = `[tally]
contract = 1
requires = ">=0.1 <2"

[model]
name = "sqli"

[connector]                        # Research's side; never packed
python = "research/connector.py"   # or node = "…", or endpoint = "http://…"
interpreter = ".venv/bin/python"

[endpoints]
production = "http://localhost:8080"

[endpoint]
batch = 256
timeout = "30s"

[operations.process]
input = { query = "string" }
output = { null_values = "int", entropy = { type = "float64", rel = 1e-9, doc = "Shannon entropy of the characters", unit = "bit" } }

[operations.inference]
after = "process"
input = { query = "string" }       # or input = "process": it receives that stage's output
output = { is_injection = "boolean", score = { type = "float64", abs = 1e-6, threshold = 0.5, decides = "is_injection" } }

[suite]
name = "sqli-ml-test"
tests = ["tests/**/*.test.ts"]
pytest = ["tests/**/test_*.py"]
cases = ["cases/**/*.{jsonl,csv,parquet}"]`;

const intro = `# tally.toml

The contract of a model: its operations, the types and tolerances of their fields, and where connector, endpoints and tests are.
Tally looks for \`tally.toml\`, or a \`pyproject.toml\` with \`[tool.tally]\`, in the working directory and above it.
In \`pyproject.toml\` every table below stands under \`tool.tally\`: \`[tool.tally.model]\`.

A key that is not on this page is an error, and so is a value of another type: the message names the key, the line and what was meant.
Begin the file with \`#:schema ./node_modules/tallyml/schema/tally.schema.json\` and an editor with TOML support completes the keys.

\`\`\`toml
${example}
\`\`\``;

const outro = `## Types

\`${typeNames.join("` `")}\`

- \`T?\` allows null. It does not allow absence: a missing field is a mismatch.
- \`int\` is an integer within ±(2^53 − 1); \`int64\` and \`uint64\` go further and arrive as \`bigint\` in TypeScript.
- \`list<T>\` is a list; a list of structs is \`{ type = "list", items = { type = "struct", fields = { … } } }\`. A tolerance at a list counts for its elements.
- \`category\` without \`values\` is a string with another name.
- \`json\` is any value: numbers agree within rel 1e-9, everything else exactly.

## Tolerances

Two numbers agree when both are NaN, or the same infinity, or equal, or |candidate − reference| ≤ abs + rel · |reference|, or at most \`ulp\`
representable numbers apart. A key not given is 0. Without any of them: float64 and json rel 1e-9, float32 4 ulp, everything else exact;
\`exact = true\` turns that off. \`abs\` and \`rel\` fit numbers, \`ulp\` fits floats; a timestamp takes \`abs = "1ms"\`.

## Durations

\`250ms\`, \`3s\`, \`2m\`; a number without a unit is an error.
`;

const baseline = `## tally.baseline.toml

Failures that are accepted for a time: [the guide](../guide/baseline.md). The file lies in the folder that \`tally test\` is started in, and is no part of
a suite. \`baseline = 1\` is the version of its format; each accepted failure is a table \`[[accepted]]\` with these keys.`;

function configPage(): string {
  const sections = contractKeys.map((key) => section(key));
  return [
    `<!-- generated from src/contract/keys.ts: npm run generate -->\n${intro}`,
    ...sections,
    outro.trimEnd(),
    baseline,
    `${keyTable(acceptedKeys)}\n`,
  ].join("\n\n");
}

function section(key: Key): string {
  const required = key.required ? " Required." : "";
  if (key.name === "operations") {
    const parts = [`## [operations.NAME]`, key.doc, keyTable(operationKeys)];
    parts.push("### A field", "A type, or a table with a type and these keys.", keyTable(fieldKeys));
    const names = elementKeys.map((element) => `\`${element.name}\``).join(", ");
    parts.push(`The \`items\` of a list take ${names}.`);
    return parts.join("\n\n");
  }
  const body = key.shape.is === "table" ? keyTable(key.shape.keys) : `Example: \`${key.name} = ${key.example ?? "…"}\``;
  return [`## [${key.name}]`, key.doc + required, body].join("\n\n");
}

function keyTable(keys: readonly Key[], prefix = ""): string {
  const rows = keys.flatMap((key) => keyRows(key, prefix));
  return ["| key | what it may be | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function keyRows(key: Key, prefix: string): string[] {
  if (key.shape.is === "table") return key.shape.keys.flatMap((inner) => keyRows(inner, `${prefix}${key.name}.`));
  const fallback = key.required ? "required" : (key.default ?? "");
  const shown = key.example === undefined ? "" : ` Example: \`${key.example}\``;
  const cells = [`\`${prefix}${key.name}\``, words(key.shape), fallback, key.doc + shown];
  return [`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`];
}

function words(shape: Shape): string {
  if (shape.is === "map") return shape.of.is === "ref" ? "a table of fields" : "a table of texts";
  return shape.is === "either" ? `${words(shape.scalar)}, or ${words(shape.other)}` : expectation(shape);
}

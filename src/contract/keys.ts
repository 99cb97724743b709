/**
 * Every key of `tally.toml` with what it may be and what it means: the one description behind the checker, the JSON Schema
 * for editors (schema/tally.schema.json) and docs/reference/config.md.
 */
import { fieldsShape } from "./field-keys.ts";
import type { Key, Names, Shape } from "./shape.ts";

/** The version of the contract format that this Tally reads. */
export const contractVersion = 1;

const operationNames: Names = {
  pattern: "^[A-Za-z_][A-Za-z0-9_-]*$",
  what: "an operation name (letters, digits, _ and -, not beginning with a digit)",
};
const endpointNames: Names = {
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
  what: "an endpoint name (letters, digits, . _ and -)",
};
const anyNames: Names = { pattern: "^[^\\s=:]+$", what: "a name without spaces, = or :" };

const address: Shape = {
  is: "text",
  what: "an endpoint address such as http://localhost:8080, unix:/run/m.sock, cmd:./build/model or py:connector.py",
  pattern: "^((kserve\\+|mlflow\\+|tfs\\+|sagemaker\\+)?https?://.|(unix|cmd|py|node):.)",
};
const path = (what: string): Shape => ({ is: "text", what });
const globs: Shape = {
  is: "list",
  of: {
    is: "text",
    what: "a pattern inside the model's folder (no leading /, no ..)",
    pattern: "^(?!/)(?!\\.\\.(/|$))(?!.*/\\.\\.(/|$)).+$",
  },
};
const texts: Shape = { is: "map", names: anyNames, of: { is: "text", what: "a text", pattern: "" } };

const formatKeys: readonly Key[] = [
  {
    name: "contract",
    doc: "Version of this format.",
    shape: { is: "integer", min: 1, max: 1000 },
    default: String(contractVersion),
  },
  {
    name: "requires",
    doc: "Which Tally may run the suite: comparisons with >= > <= < = ^ ~, all of which must hold; || separates alternatives.",
    shape: { is: "text", what: "a version range" },
    example: '">=0.1 <2"',
  },
];

const modelKeys: readonly Key[] = [
  {
    name: "name",
    doc: "The model's name.",
    shape: { is: "text", what: "a text" },
    required: true,
    example: '"sqli"',
  },
  {
    name: "version",
    doc: "The model's version.",
    shape: { is: "text", what: "a text" },
    default: "what git describe says",
    example: '"1.4.0"',
  },
];

const connectorKeys: readonly Key[] = [
  { name: "python", doc: "The connector's Python module.", shape: path("a path"), example: '"research/connector.py"' },
  { name: "node", doc: "The connector's TypeScript or JavaScript module.", shape: path("a path") },
  { name: "endpoint", doc: "An endpoint that Research runs itself.", shape: address },
  {
    name: "interpreter",
    doc: "The Python that runs the connector; a path counts from the contract's folder.",
    shape: path("a path or a command"),
    default: "the virtual environment in use, .venv, uv, python3",
    example: '".venv/bin/python"',
  },
  { name: "workers", doc: "Processes that serve it.", shape: { is: "integer", min: 1, max: 256 }, default: "1" },
  {
    name: "dtypes",
    doc: 'Columns of a pandas connector: "nullable" keeps whole numbers whole, "numpy" gives what read_csv would (float64 with NaN).',
    shape: { is: "choice", of: ["nullable", "numpy"] },
    default: '"nullable"',
  },
  { name: "env", doc: "Environment variables of the connector.", shape: texts, example: '{ MODEL_DIR = "models" }' },
];

const endpointKeys: readonly Key[] = [
  { name: "batch", doc: "Records in one call.", shape: { is: "integer", min: 1, max: 1_000_000 }, default: "256" },
  { name: "timeout", doc: "How long one call may take.", shape: { is: "duration" }, default: '"30s"' },
  {
    name: "headers",
    doc: "HTTP headers sent with every call. Secrets belong in TALLY_TOKEN, not here.",
    shape: texts,
    example: '{ X-Team = "research" }',
  },
];

/** Every key of one operation. */
export const operationKeys: readonly Key[] = [
  {
    name: "after",
    doc: "The stage before this one. It only orders the stages.",
    shape: { is: "text", what: "the name of an operation" },
    default: "the stage named by input",
    example: '"process"',
  },
  {
    name: "input",
    doc: "The fields of the raw record, or the name of the stage whose output this operation receives.",
    shape: { is: "either", scalar: { is: "text", what: "the name of an operation" }, other: fieldsShape },
    required: true,
    example: '{ query = "string" }',
  },
  {
    name: "output",
    doc: "The fields of the answer.",
    shape: fieldsShape,
    required: true,
    example: '{ length = "int", entropy = { type = "float64", rel = 1e-9 } }',
  },
  {
    name: "extra",
    doc: "Fields of an answer that are not declared.",
    shape: { is: "choice", of: ["warn", "error"] },
    default: '"warn"',
  },
  { name: "doc", doc: "What the operation does, for people.", shape: { is: "text", what: "a text" } },
];

const csvKeys: readonly Key[] = [
  {
    name: "delimiter",
    doc: "What separates the cells of CSV case tables: one character.",
    shape: { is: "text", what: "one character other than a quote or a line end", pattern: '^[^"\\r\\n]$' },
    default: '","',
    example: '";"',
  },
];

const suiteKeys: readonly Key[] = [
  {
    name: "name",
    doc: "The suite's name.",
    shape: { is: "text", what: "a text" },
    default: "the model's name with -ml-test",
    example: '"sqli-ml-test"',
  },
  { name: "tests", doc: "Test files.", shape: globs, default: '["tests/**/*.test.ts"]' },
  { name: "pytest", doc: "Python test files, run with pytest.", shape: globs, default: "[]" },
  { name: "cases", doc: "Case tables.", shape: globs, default: '["cases/**/*.{jsonl,csv,parquet}"]' },
  {
    name: "files",
    doc: "What else tests read, so that it travels with the suite: records, images, texts.",
    shape: globs,
    default: "[]",
    example: '["tests/data/**"]',
  },
  { name: "csv", doc: "How CSV case tables are written.", shape: { is: "table", keys: csvKeys } },
];

/** The top-level tables of `tally.toml`, and of `[tool.tally]`. */
export const contractKeys: readonly Key[] = [
  { name: "tally", doc: "The format of this file.", shape: { is: "table", keys: formatKeys } },
  {
    name: "model",
    doc: "What the model is called.",
    shape: { is: "table", keys: modelKeys },
    required: true,
    example: '{ name = "sqli" }',
  },
  {
    name: "connector",
    doc: "Research's side: one of python, node and endpoint. Never packed.",
    shape: { is: "table", keys: connectorKeys },
  },
  {
    name: "endpoints",
    doc: "Addresses by name; default is the one that ENDPOINT overrides.",
    shape: { is: "map", names: endpointNames, of: address },
    example: '{ production = "http://localhost:8080" }',
  },
  { name: "endpoint", doc: "How endpoints are called.", shape: { is: "table", keys: endpointKeys } },
  {
    name: "operations",
    doc: "The operations by name. Without this table every value is json.",
    shape: { is: "map", names: operationNames, of: { is: "table", keys: operationKeys } },
  },
  { name: "suite", doc: "Tests and case tables.", shape: { is: "table", keys: suiteKeys } },
];

/** The whole file. */
export const contractShape: Shape = { is: "table", keys: contractKeys };

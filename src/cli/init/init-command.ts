/**
 * `tally init`: a project from nothing, from a sample of records, or from a function or fitted estimator of a Python module.
 * Everything is known and asked before the first file stays; nothing that exists is written over.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Contract, Operation } from "../../contract/contract.ts";
import { defaultField } from "../../contract/default-field.ts";
import { parseContract } from "../../contract/load-contract.ts";
import { contractTypes } from "../../contract/typescript.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { makeFolder } from "../../report/output-file.ts";
import type { Arguments } from "../arguments.ts";
import type { InitPlan } from "./init-plan.ts";
import { askPlan } from "./init-questions.ts";
import { casesText, compilerOptions, contractText, testText, textConnector } from "./init-templates.ts";
import { observeResearch, type Research } from "./init-research.ts";
import { sourceRecord } from "../source-text.ts";

/** Rows of the first case table. */
const firstCases = 10;

export async function runInit(args: Arguments): Promise<ExitCode> {
  const plan = await readPlan(args);
  const connector = plan.language === "python" ? "connector.py" : "connector.ts";
  const research = await researchOf(plan, connector);
  const operation = research.operation.name;
  const contract = contractText({
    model: plan.model,
    connector,
    operation: research.operation,
    reasons: research.reasons,
  });
  const file = join(plan.root, "tally.toml");
  const parsed = parseContract(contract, file);
  const table = `cases/${operation}.jsonl`;
  const tests = `tests/${operation}.test.ts`;
  const files: Readonly<Record<string, string>> = {
    "tally.toml": contract,
    [connector]: research.connector,
    [tests]: firstTest(research, parsed),
    [table]: casesText(research.inputs.slice(0, firstCases), research.answers),
    "tests/operations.d.ts": contractTypes(parsed),
  };
  refuseExisting(plan.root, Object.keys(files));
  // An editor's settings are the project's own where it has some.
  const optional = existsSync(join(plan.root, "tsconfig.json")) ? {} : { "tsconfig.json": compilerOptions };
  for (const [path, text] of Object.entries({ ...files, ...optional })) {
    makeFolder(dirname(join(plan.root, path)));
    writeFileSync(join(plan.root, path), text, { flag: "wx" });
  }
  process.stdout.write(closing(plan, Object.keys({ ...files, ...optional })));
  return 0;
}

async function readPlan(args: Arguments): Promise<InitPlan> {
  const root = resolve(args.positionals[0] ?? ".");
  // TALLY_PYTHON is the interpreter.
  const python = args.isTyped("python") ? args.text("python") : undefined;
  const given = {
    root,
    python,
    sample: args.text("sample"),
    operation: args.text("operation"),
    model: args.text("name"),
    language: args.choice("language", ["python", "typescript"]),
  };
  const plan = {
    ...given,
    model: given.model ?? modelName(root),
    language: python === undefined ? (given.language ?? languageOf(root)) : ("python" as const),
  };
  checkName("--name", plan.model, /^[A-Za-z0-9][A-Za-z0-9._-]*$/, "letters, digits, dots, dashes and underscores");
  checkName("--operation", plan.operation, /^[A-Za-z_][A-Za-z0-9_-]*$/, "letters, digits, dashes and underscores");
  refuseExisting(root, ["tally.toml"]);
  const isAsked = given.model === undefined && given.sample === undefined && python === undefined;
  const isPerson = process.stdin.isTTY && process.stdout.isTTY && !process.env["CI"] && !args.flag("no-input");
  return isAsked && isPerson ? askPlan(plan) : plan;
}

function checkName(flag: string, value: string | undefined, pattern: RegExp, expected: string): void {
  if (value !== undefined && !pattern.test(value)) throw tallyError("flag-value", { flag, value, expected });
}

function modelName(root: string): string {
  const name = basename(root)
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "");
  return name === "" ? "model" : name;
}

/** Python where the folder looks like a project of it. */
function languageOf(root: string): InitPlan["language"] {
  const names = existsSync(root) ? readdirSync(root) : [];
  const isPython = names.some((name) =>
    /\.(py|ipynb)$|^(pyproject\.toml|requirements.*\.txt|environment\.ya?ml|uv\.lock)$/.test(name),
  );
  return isPython ? "python" : "typescript";
}

/** From nothing all is known; else the connector is asked, in its place, which is left again when it cannot answer. */
async function researchOf(plan: InitPlan, connector: string): Promise<Research> {
  if (plan.sample === undefined && plan.python === undefined) return textResearch(plan);
  refuseExisting(plan.root, [connector]);
  mkdirSync(plan.root, { recursive: true });
  return observeResearch(plan, {
    path: join(plan.root, connector),
    place: (text) => writeFileSync(join(plan.root, connector), text),
    leave: () => rmSync(join(plan.root, connector), { force: true }),
  });
}

const firstTexts = ["two words", "", "a b  c"];

function textResearch({ language, model }: InitPlan): Research {
  const field = (kind: "string" | "int") => defaultField({ kind, nullable: false });
  const operation: Operation = {
    name: "process",
    input: { kind: "fields", fields: { text: field("string") } },
    output: { length: field("int"), words: field("int") },
    extra: "warn",
  };
  return {
    operation,
    reasons: new Map(),
    connector: textConnector(language, model),
    inputs: firstTexts.map((text) => JSON.stringify({ text })),
    answers: firstTexts.map((text) =>
      JSON.stringify({ length: text.length, words: text.split(/\s+/).filter((word) => word !== "").length }),
    ),
  };
}

function firstTest({ answers, inputs, operation }: Research, { operations }: Contract): string {
  const { input, output } = operations?.[operation.name] ?? operation;
  const fields = input.kind === "fields" ? input.fields : {};
  const [record = "{}"] = inputs;
  const [answer = "{}"] = answers;
  return testText(operation.name, "a first record", sourceRecord(fields, record), sourceRecord(output, answer));
}

function refuseExisting(root: string, paths: readonly string[]): void {
  const existing = paths.filter((path) => existsSync(join(root, path)));
  if (existing.length > 0) throw tallyError("init-exists", { paths: existing });
}

function closing({ root }: InitPlan, paths: readonly string[]): string {
  const folder = relative(process.cwd(), root);
  const lines = [
    `  created  ${paths.join("  ")}`,
    `  next     ${folder === "" ? "" : `cd ${folder} && `}tally test`,
    ...(existsSync(join(root, "node_modules/tallyml"))
      ? []
      : ["  types    npm install --save-dev tallyml   (for the editor; tests run without)"]),
  ];
  return `${lines.join("\n")}\n`;
}

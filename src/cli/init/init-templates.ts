/** The files that `tally init` writes, as text. */
import type { Operation } from "../../contract/contract.ts";
import { operationToml, quoted, type Reasons } from "../../contract/operation-toml.ts";
import type { PythonTarget } from "./inspect-python.ts";

/** How a function of a module is called with a batch, and whether its answer is a value rather than fields. */
export interface PythonCall {
  readonly target: PythonTarget;
  readonly with: "frame" | "records" | "record" | "arguments";
  readonly wrapped: boolean;
}

export interface TomlParts {
  readonly model: string;
  readonly connector: string;
  readonly operation: Operation;
  readonly reasons: Reasons;
}

/** tally.toml. */
export function contractText({ connector, model, operation, reasons }: TomlParts): string {
  const kind = connector.endsWith(".py") ? "python" : "node";
  return `#:schema ./node_modules/tallyml/schema/tally.schema.json
[tally]
contract = 1

[model]
name = ${quoted(model)}

[connector]                        # Research's side; never handed over
${kind} = ${quoted(connector)}

[endpoints]                        # Production's side: tally test -e production
production = "http://localhost:8080"

${operationToml(operation, reasons)}`;
}

/** A connector that measures texts: the beginning when there is nothing to begin with. */
export function textConnector(language: "python" | "typescript", model: string): string {
  if (language === "typescript")
    return `import { defineConnector } from "tallyml";

/** What production has to agree with: put your model here. */
export default defineConnector({
  process(frame) {
    return [...frame].map(({ text }) => {
      const words = String(text).split(/\\s+/).filter((word) => word !== "");
      return { length: [...String(text)].length, words: words.length };
    });
  },
});
`;
  return `"""What production has to agree with: put your model here."""

from tallyml import Model

model = Model(${JSON.stringify(model)})


@model.operation
def process(records: list[dict]) -> list[dict]:
    return [{"length": len(r["text"]), "words": len(r["text"].split())} for r in records]
`;
}

/** A connector for records of any kind: counts what is filled in, until there is a model. */
export function sampleConnector(language: "python" | "typescript", model: string, operation: string): string {
  if (language === "typescript")
    return `import { defineConnector } from "tallyml";

/** What production has to agree with: put your model here. Until then it counts the fields that are filled in. */
export default defineConnector({
  ${/^[A-Za-z_$][\w$]*$/.test(operation) ? operation : JSON.stringify(operation)}(frame) {
    return [...frame].map((record) => ({
      filled: Object.values(record).filter((value) => value !== null).length,
    }));
  },
});
`;
  return `"""What production has to agree with: put your model here. Until then it counts the fields that are filled in."""

from tallyml import Model

model = Model(${JSON.stringify(model)})


@model.operation(${JSON.stringify(operation)})
def ${pythonName(operation)}(records: list[dict]) -> list[dict]:
    return [{"filled": sum(value is not None for value in r.values())} for r in records]
`;
}

/** A connector that calls what a module defines. */
export function pythonConnector(call: PythonCall, model: string, operation: string): string {
  const { folder, kind, module, name } = call.target;
  const isFrame = call.with === "frame";
  const standard = folder === "" ? "" : "import sys\nfrom pathlib import Path\n\n";
  const path = folder === "" ? "" : `sys.path.insert(0, str(Path(__file__).parent / ${JSON.stringify(folder)}))\n`;
  return `"""What production has to agree with: ${name} of ${module}."""

${standard}${isFrame ? "import pandas as pd\n" : ""}from tallyml import Model

${path}from ${module} import ${name} as research${path === "" ? "" : "  # noqa: E402"}

model = Model(${JSON.stringify(model)})


@model.operation(${JSON.stringify(operation)})
def ${pythonName(operation)}(records: ${isFrame ? "pd.DataFrame" : "list[dict]"}):
${kind === "estimator" ? estimatorBody(call.target) : functionBody(call)}`;
}

function estimatorBody({ hasProbabilities }: PythonTarget): string {
  const plain = `    answer = pd.DataFrame({"prediction": research.predict(records)})\n`;
  if (!hasProbabilities) return `${plain}    return answer\n`;
  return `${plain}    for name, column in zip(research.classes_, research.predict_proba(records).T):
        answer[f"probability_{name}"] = column
    return answer
`;
}

function functionBody({ with: how, wrapped }: PythonCall): string {
  const one = how === "arguments" ? "research(**record)" : "research(record)";
  if (how === "record" || how === "arguments")
    return `    return [${wrapped ? `{"result": ${one}}` : one} for record in records]\n`;
  return `    return ${wrapped ? '{"result": research(records)}' : "research(records)"}\n`;
}

function pythonName(operation: string): string {
  const name = operation.replaceAll(/\W/g, "_");
  return /^\d/.test(name) ? `operation_${name}` : name;
}

/** The first test: one record with what the connector answered. */
export function testText(operation: string, title: string, input: string, answer: string): string {
  const variable = operation === "process" ? "process" : "model";
  return `import { expect, operation, test } from "tallyml";

const ${variable} = operation(${JSON.stringify(operation)});

test(${JSON.stringify(title)}, async () => {
  expect(await ${variable}(${input})).toTally(${answer});
});
`;
}

/** A case table: one line for each record, with the answer it got. */
export function casesText(inputs: readonly string[], answers: readonly string[]): string {
  const lines = inputs.map((input, i) => {
    const expect = answers[i] === undefined ? "" : `,"expect":${answers[i]}`;
    return `{"name":"record ${i + 1}","input":${input}${expect}}\n`;
  });
  return lines.join("");
}

/** What an editor needs to type tests. */
export const compilerOptions = `${JSON.stringify(
  {
    compilerOptions: {
      module: "nodenext",
      target: "es2024",
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      types: [],
    },
    include: ["tests", "*.ts"],
  },
  undefined,
  2,
)}\n`;

/** The research behind a new project: which connector calls it, and what it answers to a sample. */
import type { Contract, Operation } from "../../contract/contract.ts";
import type { Reasons } from "../../contract/operation-toml.ts";
import { openEndpoint } from "../../endpoint/open-endpoint.ts";
import { isTallyError, tallyError } from "../../kernel/errors.ts";
import type { Json, JsonObject } from "../../kernel/json-value.ts";
import { readSample } from "../../record/read-sample.ts";
import type { InitPlan } from "./init-plan.ts";
import { type PythonCall, pythonConnector, sampleConnector } from "./init-templates.ts";
import { inspectPython, type PythonTarget } from "./inspect-python.ts";
import { observeOperations } from "../schema/observe-operations.ts";

/** Everything that the files of a new project are made of. */
export interface Research {
  readonly operation: Operation;
  readonly reasons: Reasons;
  /** Text of the connector. */
  readonly connector: string;
  /** JSON text of records, and of the connector's answers to them. */
  readonly inputs: readonly string[];
  readonly answers: readonly string[];
}

/** Where the connector stands while it is asked. */
export interface ConnectorPlace {
  readonly path: string;
  readonly place: (text: string) => void;
  readonly leave: () => void;
}

const timeoutMs = 60_000;

/** Asks a connector about the sample. The place is left, whatever comes of it: the files are written together. */
export async function observeResearch(plan: InitPlan, at: ConnectorPlace): Promise<Research> {
  const sample = plan.sample === undefined ? undefined : await readSample(plan.sample);
  const target = plan.python === undefined ? undefined : await inspectPython(plan.python, plan.root);
  const operation = plan.operation ?? operationName(target);
  const records = sample === undefined ? madeUp(target, plan.python ?? "") : fitting(sample, target);
  let refused: unknown;
  for (const connector of candidates(plan, target, operation, records)) {
    try {
      at.place(connector);
      const [seen] = await observeOperations({
        contract: bareContract(plan, at.path),
        open: (contract) =>
          openEndpoint(`${plan.language === "python" ? "py" : "node"}:${at.path}`, { root: plan.root, contract }),
        names: [operation],
        sample: records,
        timeoutMs,
      });
      if (seen !== undefined && Object.keys(seen.operation.output).length > 0) return { ...seen, connector };
      refused ??= tallyError("sample-refused", { operation, record: 1, answer: "an answer without fields" });
    } catch (error) {
      if (!isTallyError(error)) throw error;
      refused ??= error;
    } finally {
      at.leave();
    }
  }
  throw refused;
}

function operationName(target: PythonTarget | undefined): string {
  if (target === undefined) return "process";
  return target.kind === "estimator" ? "predict" : target.name;
}

/** As it would be read, before anything is declared. */
function bareContract({ model, root }: InitPlan, path: string): Contract {
  return {
    file: path,
    root,
    model: { name: model },
    endpoints: {},
    endpoint: { batch: 256, timeoutMs, headers: {} },
    suite: { name: model, tests: [], pytest: [], cases: [], files: [], csv: { delimiter: "," } },
  };
}

/** Connectors to try, the likeliest first: whether an answer is fields or a value shows when it is asked. */
function* candidates(
  plan: InitPlan,
  target: PythonTarget | undefined,
  operation: string,
  records: readonly JsonObject[],
): Iterable<string> {
  if (target === undefined) return yield sampleConnector(plan.language, plan.model, operation);
  const how = callOf(target, records);
  const forms = target.kind === "estimator" || isFields(target) ? [false] : isValue(target) ? [true] : [false, true];
  for (const wrapped of forms) yield pythonConnector({ target, with: how, wrapped }, plan.model, operation);
}

/** Annotated as something that has fields. */
function isFields({ returns }: PythonTarget): boolean {
  return /DataFrame|dict|Mapping/i.test(returns);
}

/** Annotated as a number or a text for each record. */
function isValue({ returns }: PythonTarget): boolean {
  return /^(float|int|str|bool)$|Series|(list|Sequence|Iterable)\[(float|int|str|bool)\]/i.test(returns);
}

/** How a function wants its records: by the annotation of its only parameter, else its fields as arguments. */
function callOf({ hasPandas, kind, parameters }: PythonTarget, records: readonly JsonObject[]): PythonCall["with"] {
  const [first] = parameters;
  if (kind === "estimator") return "frame";
  if (first === undefined || parameters.length > 1) return "arguments";
  if (/DataFrame/.test(first.annotation)) return "frame";
  if (/^(typing\.)?(list|Sequence|Iterable|collections)/i.test(first.annotation)) return "records";
  if (/^(typing\.)?(dict|Mapping)/i.test(first.annotation)) return "record";
  if (first.annotation !== "" || (records[0] !== undefined && Object.hasOwn(records[0], first.name)))
    return "arguments";
  return hasPandas ? "frame" : "record";
}

/** Only the arguments of a function that takes fields as such: a sample often has more columns. */
function fitting(sample: readonly JsonObject[], target: PythonTarget | undefined): readonly JsonObject[] {
  const names = target?.parameters.map(({ name }) => name) ?? [];
  const [first = {}] = sample;
  if (names.length === 0 || !names.every((name) => Object.hasOwn(first, name))) return sample;
  return sample.map((record) => Object.fromEntries(names.map((name) => [name, record[name] ?? null])));
}

const values: Readonly<Record<string, Json>> = { str: "text", int: 1, float: 0.5, bool: true };

/** One record from the annotations of the arguments; where they do not say enough a sample is needed. */
function madeUp(target: PythonTarget | undefined, python: string): JsonObject[] {
  const parameters = target?.parameters ?? [];
  const isPlain = parameters.length > 0 && parameters.every(({ annotation }) => Object.hasOwn(values, annotation));
  if (!isPlain)
    throw tallyError("argument-missing", {
      verb: "init",
      argument: `--sample FILE: ${python} does not say which fields it takes`,
    });
  return [Object.fromEntries(parameters.map(({ annotation, name }) => [name, values[annotation] ?? null]))];
}

/**
 * Finds and reads the contract. Comes in: a folder, or the path of a `tally.toml` or `pyproject.toml`. Goes out: a `Contract`
 * with every default filled in, or a `TallyError` that names the key and the line. Must not know connectors, endpoints
 * or suites: it reads one file and nothing else.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { checkShape, isTable, type Toml } from "./check-keys.ts";
import type { ConnectorSource, Contract, SuiteSettings } from "./contract.ts";
import { parseDuration } from "./duration.ts";
import { Faults } from "./faults.ts";
import { contractShape, contractVersion } from "./keys.ts";
import { number, tableAt, text, texts } from "./read-field.ts";
import { readOperations } from "./read-operations.ts";
import { parseToml, readTomlText } from "./toml-file.ts";
import { inRange, parseRange } from "./version-range.ts";

/**
 * The contract that counts in folder `from`: the nearest `tally.toml`, or `pyproject.toml` with a `[tool.tally]`, in it or
 * above it. An `explicit` path (a file, or the folder that holds one) is taken as it is. Undefined when there is none.
 */
export function findContract(from: string, explicit?: string): string | undefined {
  if (explicit !== undefined) {
    const path = resolve(from, explicit);
    return contractIn(path) ?? path;
  }
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = contractIn(folder);
    if (found !== undefined || folder === dirname(folder)) return found;
  }
}

function contractIn(folder: string): string | undefined {
  const own = join(folder, "tally.toml");
  if (existsSync(own)) return own;
  const project = join(folder, "pyproject.toml");
  return existsSync(project) && /^\s*\[\s*tool\s*\.\s*["']?tally["']?\s*[.\]]/m.test(readFileSync(project, "utf8"))
    ? project
    : undefined;
}

/** Reads and checks a contract. `running` is this Tally's version, held against `[tally] requires` when given. */
export function loadContract(file: string, running?: string): Contract {
  const path = resolve(file);
  return parseContract(readTomlText(path), path, running);
}

/** Checks the text of a contract; `file` is an absolute path, for messages and for the paths in it. */
export function parseContract(source: string, file: string, running?: string): Contract {
  const whole = parseToml(source, file);
  const embedded = basename(file) === "pyproject.toml";
  const table = embedded ? tableAt(tableAt(whole, "tool"), "tally") : whole;
  const faults = new Faults({ file, text: source, prefix: embedded ? ["tool", "tally"] : [] });
  return checkedContract(table, file, faults, running);
}

/** Checks the tables of a contract whose text is not at hand; `file` is what messages and paths go by. */
export function contractOfTables(tables: Toml, file: string): Contract {
  return checkedContract(tables, file, new Faults({ file, text: "", prefix: [] }), undefined);
}

function checkedContract(table: Toml, file: string, faults: Faults, running: string | undefined): Contract {
  checkVersions(table, faults, running);
  faults.throwAny();
  checkShape(contractShape, table, [], faults);
  // What keys say about each other can only be judged when each is what it should be.
  faults.throwAny();
  const contract = build(table, file, faults);
  faults.throwAny();
  return contract;
}

/** First of all, so that a file for a newer Tally is not called wrong for what only the newer one knows. */
function checkVersions(table: Toml, faults: Faults, running: string | undefined): void {
  const format = tableAt(table, "tally");
  const version = format["contract"];
  if (typeof version === "number" && Number.isInteger(version) && version > contractVersion) {
    faults.add("contract-too-new", ["tally", "contract"], { found: version, known: contractVersion });
  }
  const range = text(format, "requires");
  if (range === undefined) return;
  const parsed = parseRange(range);
  if (parsed === undefined) {
    const expected = 'a version range such as ">=0.1 <2"';
    faults.add("contract-type", ["tally", "requires"], { expected, found: `the text ${JSON.stringify(range)}` });
  } else if (running !== undefined && !inRange(running, parsed)) {
    faults.add("contract-requires", ["tally", "requires"], { range, running });
  }
}

function build(table: Toml, file: string, faults: Faults): Contract {
  const root = dirname(file);
  const requires = text(tableAt(table, "tally"), "requires");
  const model = tableAt(table, "model");
  const name = text(model, "name") ?? "";
  const version = text(model, "version");
  const connector = isTable(table["connector"]) ? readConnector(table["connector"], root, faults) : undefined;
  const endpoint = tableAt(table, "endpoint");
  const operations = tableAt(table, "operations");
  return {
    file,
    root,
    ...(requires !== undefined && { requires }),
    model: { name, ...(version !== undefined && { version }) },
    ...(connector && { connector }),
    endpoints: textsByName(tableAt(table, "endpoints")),
    endpoint: {
      batch: number(endpoint, "batch") ?? 256,
      timeoutMs: parseDuration(text(endpoint, "timeout") ?? "") ?? 30_000,
      headers: textsByName(tableAt(endpoint, "headers")),
    },
    ...(Object.keys(operations).length > 0 && { operations: readOperations(operations, faults) }),
    suite: readSuite(tableAt(table, "suite"), name),
  };
}

function readConnector(table: Toml, root: string, faults: Faults): ConnectorSource | undefined {
  const named = ["python", "node", "endpoint"].filter((key) => Object.hasOwn(table, key));
  const [kind, second] = named;
  if (kind === undefined || second !== undefined) {
    const reason = kind === undefined ? "no connector is named" : `${named.join(" and ")} at once`;
    faults.add("contract-connector", second === undefined ? ["connector"] : ["connector", second], { reason });
    return undefined;
  }
  const foreign = {
    python: [],
    node: ["interpreter", "dtypes"],
    endpoint: ["interpreter", "dtypes", "workers", "env"],
  };
  for (const key of new Map(Object.entries<readonly string[]>(foreign)).get(kind) ?? []) {
    if (!Object.hasOwn(table, key)) continue;
    faults.add("contract-connector", ["connector", key], {
      reason: `${key} has no meaning for a connector given by ${kind}`,
    });
  }
  const source = text(table, kind) ?? "";
  if (kind === "endpoint") return { kind, url: source };
  const common = {
    path: resolve(root, source),
    workers: number(table, "workers") ?? 1,
    env: textsByName(tableAt(table, "env")),
  };
  if (kind === "node") return { kind, ...common };
  const interpreter = text(table, "interpreter");
  // A bare name is looked up in PATH; anything with a separator counts from the contract's folder.
  const command = interpreter !== undefined && /[\\/]/.test(interpreter) && !isAbsolute(interpreter);
  return {
    kind: "python",
    ...common,
    ...(interpreter !== undefined && { interpreter: command ? resolve(root, interpreter) : interpreter }),
    dtypes: table["dtypes"] === "numpy" ? "numpy" : "nullable",
  };
}

function readSuite(table: Toml, model: string): SuiteSettings {
  return {
    name: text(table, "name") ?? `${model}-ml-test`,
    tests: texts(table, "tests") ?? ["tests/**/*.test.ts"],
    pytest: texts(table, "pytest") ?? [],
    cases: texts(table, "cases") ?? ["cases/**/*.{jsonl,csv,parquet}"],
    files: texts(table, "files") ?? [],
    csv: { delimiter: text(tableAt(table, "csv"), "delimiter") ?? "," },
  };
}

function textsByName(table: Toml): Readonly<Record<string, string>> {
  const made: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(table)) if (typeof value === "string") made[name] = value;
  return made;
}

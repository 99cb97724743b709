/** `tally doctor`: looks at everything a run needs, one after the other, and says what to do about what is not there. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { otherVersion } from "../../connector/resolve-tallyml.ts";
import type { Contract } from "../../contract/contract.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { whyUnreachable } from "../../endpoint/why-unreachable.ts";
import { type ExitCode, isTallyError, problem } from "../../kernel/errors.ts";
import { tallyVersion } from "../../kernel/own-package.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { plural, visible, visibleBlock } from "../../report/plain-text.ts";
import { paintWith } from "../../report/terminal/paint.ts";
import { suiteFiles } from "../../suite/suite-files.ts";
import { strongestExit } from "../../verdict/exit-code.ts";
import type { Arguments } from "../arguments.ts";
import { attempt, type Check, failed, ok } from "./check.ts";
import { checkPython } from "./check-python.ts";
import { checkWire } from "./check-wire.ts";
import { wantsColour } from "../run/run-reports.ts";
import { chooseTarget, openTarget, readContract, type Target } from "../target.ts";

const nameWidth = 12;

export async function runDoctor(args: Arguments): Promise<ExitCode> {
  const show = showCheck(wantsColour(args, process.stdout));
  const asJson = args.flag("json");
  const checks: Check[] = [];
  for await (const check of examine(args)) {
    checks.push(check);
    if (!asJson) process.stdout.write(show(check));
  }
  const exit = strongestExit(checks.flatMap((check) => check.problem?.exit ?? []));
  if (asJson) process.stdout.write(`${JSON.stringify({ v: 1, checks, exit }, undefined, 2)}\n`);
  else process.stdout.write(`\n ${conclusion(checks)}\n`);
  return exit;
}

/** The findings, in the order in which a run needs what they are about. */
async function* examine(args: Arguments): AsyncIterable<Check> {
  yield ok("tally", `${tallyVersion()} on Node ${process.versions.node}`);
  let contract: Contract;
  try {
    contract = readContract(args);
  } catch (error) {
    if (!isTallyError(error)) throw error;
    yield failed("contract", error.problem);
    yield { name: "all else", status: "skipped", said: "needs the contract" };
    return;
  }
  const operations = Object.keys(contract.operations ?? {});
  const declared = operations.length === 0 ? "no operations declared: every value is json" : operations.join(", ");
  yield ok("contract", `${shownPath(contract.file)}: ${contract.model.name}, ${declared}`);
  yield await attempt("suite", () => {
    const { cases, pytest, tests } = suiteFiles(contract, { paths: [], tags: [] });
    const inPython = pytest.length === 0 ? "" : `, ${plural(pytest.length, "pytest file")}`;
    return ok("suite", `${plural(tests.length, "test file")}${inPython}, ${plural(cases.length, "case table")}`);
  });
  yield* examinePackage(contract);
  yield* examineConnector(contract, args);
  const target = chooseTarget(contract, args, process.env);
  if (target.address !== undefined) yield* examineEndpoint(contract, target, args);
}

/** A copy of Tally in the project, which editors read types from. */
function* examinePackage({ root }: Contract): Iterable<Check> {
  const other = otherVersion(pathToFileURL(`${root}/`));
  if (other === undefined) return;
  const said = `the project has tallyml ${other.project}, this is ${other.running}: npm install --save-dev tallyml@${other.running}`;
  yield { name: "package", status: "note", said };
}

async function* examineConnector(contract: Contract, args: Arguments): AsyncIterable<Check> {
  const { connector } = contract;
  if (connector === undefined) {
    yield { name: "connector", status: "note", said: "none: this suite runs against endpoints only" };
    return;
  }
  const target: Target = { address: undefined, role: "reference" };
  if (connector.kind === "endpoint") return yield* examineEndpoint(contract, target, args);
  const path = shownPath(connector.path);
  if (!existsSync(connector.path)) return yield failed("connector", problem("connector-missing", { path }));
  yield ok("connector", path);
  if (connector.kind === "python") {
    const found = await checkPython(connector, contract.root);
    yield* found;
    if (found.some(({ status }) => status === "failed"))
      return yield { name: "start", status: "skipped", said: "needs the interpreter" };
  }
  yield* withEndpoint("start", contract, target, args, async (endpoint) => {
    const began = performance.now();
    await endpoint.start();
    const described = await endpoint.describe();
    const names = (described?.operations ?? []).join(", ");
    const notes = (described?.notes ?? []).map((said): Check => ({ name: "model", status: "note", said }));
    return [ok("start", `defines ${names}; up in ${((performance.now() - began) / 1000).toFixed(1)} s`), ...notes];
  });
}

async function* examineEndpoint(contract: Contract, target: Target, args: Arguments): AsyncIterable<Check> {
  yield* withEndpoint("endpoint", contract, target, args, async (endpoint) => {
    await endpoint.start();
    const fault = await whyUnreachable(endpoint);
    if (fault) return [failed("endpoint", fault)];
    const described = await endpoint.describe();
    const about =
      described === undefined ? "does not describe itself" : `is ${described.name ?? "a model without a name"}`;
    const named = [about, ...(described?.version === undefined ? [] : [described.version])].join(" ");
    const timeoutMs = args.duration("timeout") ?? contract.endpoint.timeoutMs;
    return [ok("endpoint", `${endpoint.url} ${named}`), ...(await checkWire(endpoint, contract, timeoutMs))];
  });
}

/** Opens an endpoint for some findings and closes it; what it throws is a finding. */
async function* withEndpoint(
  name: string,
  contract: Contract,
  target: Target,
  args: Arguments,
  look: (endpoint: Endpoint) => Promise<Check[]>,
): AsyncIterable<Check> {
  let endpoint: Endpoint | undefined;
  try {
    endpoint = openTarget(target, contract, args, () => {});
    yield* await look(endpoint);
  } catch (error) {
    if (!isTallyError(error)) throw error;
    yield failed(name, error.problem);
  } finally {
    await endpoint?.close();
  }
}

function showCheck(colour: boolean): (check: Check) => string {
  const paint = paintWith(colour);
  const signs = { ok: paint("green", "✓"), note: paint("yellow", "!"), failed: paint("red", "✗"), skipped: "–" };
  const indent = " ".repeat(nameWidth + 4);
  return ({ name, problem: wrong, said, status }) => {
    const line = ` ${signs[status]} ${visible(name).padEnd(nameWidth)} `;
    if (wrong === undefined) return `${line}${visible(said)}\n`;
    const detail = wrong.detail === undefined ? [] : visibleBlock(wrong.detail).trimEnd().split("\n");
    return [
      `${line}error[${wrong.code}]: ${visible(wrong.message)}`,
      ...detail.map((text) => `${indent}${paint("dim", "|")} ${text}`),
      `${indent}hint: ${visible(wrong.hint)}`,
      "",
    ].join("\n");
  };
}

function conclusion(checks: readonly Check[]): string {
  const wrong = checks.filter(({ status }) => status === "failed").length;
  return wrong === 0 ? "everything a run needs is here" : `${plural(wrong, "thing")} to repair`;
}

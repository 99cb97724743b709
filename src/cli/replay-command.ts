/** `tally replay ID`: sends exactly the exchange of a failure again and says what became of it. */
import { type Contract, type Operation } from "../contract/contract.ts";
import { findContract } from "../contract/load-contract.ts";
import { compareRecord } from "../compare/compare-record.ts";
import { askRecords } from "../endpoint/ask-records.ts";
import { BatchSize } from "../endpoint/batch-size.ts";
import { openEndpoint } from "../endpoint/open-endpoint.ts";
import { type ExitCode, type Problem, tallyError } from "../kernel/errors.ts";
import type { Json } from "../kernel/json-value.ts";
import { readJson } from "../kernel/read-json.ts";
import { quoteShell } from "../report/shell-line.ts";
import { readRun } from "../report/read-run.ts";
import type { Exchange, LocatedMismatch, RunStarted, TestJudged, TestPlanned } from "../verdict/run-event.ts";
import { valueAtPath } from "../record/value-at-path.ts";
import type { Arguments } from "./arguments.ts";
import { lastRuns } from "./run/run-history.ts";
import { stateFolder } from "./state-folder.ts";
import { chooseTarget, openTarget, readContract } from "./target.ts";

/** What became of a failure. */
type Replayed = "FIXED" | "ALONE" | "STILL" | "CHANGED" | "ERROR";

interface Failure {
  readonly started: RunStarted;
  readonly judged: TestJudged;
  readonly plan: TestPlanned | undefined;
  readonly exchanges: readonly Exchange[];
}

export async function runReplay(args: Arguments): Promise<ExitCode> {
  const [id = ""] = args.positionals;
  const file = findContract(process.cwd(), args.text("config"));
  const contract = file === undefined ? undefined : readContract(args);
  const failure = await findFailure(id, args.text("from"), contract ? stateFolder(contract.root, args) : process.cwd());
  if (!failure.exchanges.some(({ asked }) => asked === "test")) {
    const why = "the failure has no exchange of its own, so there is nothing to send again";
    process.stdout.write(`${failure.judged.id}\nERROR  ${why}\n  hint: ${testLine(failure)}\n`);
    return 3;
  }
  const endpoint = openReplayed(failure, contract, args);
  try {
    await endpoint.start();
    process.stdout.write(`${failure.judged.id}\n  endpoint  ${endpoint.url}\n`);
    const results: Replayed[] = [];
    for (const exchange of failure.exchanges) {
      if (exchange.asked !== "test") continue;
      const [answer] = await askRecords(endpoint, exchange.operation, [exchange.input], {
        batch: new BatchSize(1),
        timeoutMs: args.duration("timeout") ?? contract?.endpoint.timeoutMs ?? 30_000,
      });
      const mismatches = failure.judged.mismatches.filter((one) => one.exchange === exchange.n);
      const text = answer?.kind === "answered" ? answer.text : undefined;
      process.stdout.write(`  ${exchange.operation}  input ${exchange.input}\n`);
      if (text === undefined) {
        process.stdout.write(`    ${answer?.kind === "fault" ? describeFault(answer.fault) : "not implemented"}\n`);
        results.push("ERROR");
        continue;
      }
      const operation = contract?.operations?.[exchange.operation];
      const replayed = mismatches.length > 0 ? judgeFields(mismatches, text, operation) : judgeAnswer(exchange, text);
      process.stdout.write(`    answer ${text}\n${replayed.lines.map((line) => `    ${line}\n`).join("")}`);
      results.push(replayed.result);
    }
    const agrees = failure.judged.reason === "batch-dependent" ? "ALONE" : "FIXED";
    const found = worst(results);
    const result = found === "FIXED" ? agrees : found;
    process.stdout.write(`${result}  ${meanings[result]}\n`);
    if (result === "ALONE") process.stdout.write(`  hint: ${testLine(failure)}\n`);
    return exits[result];
  } finally {
    await endpoint.close();
  }
}

const meanings: Readonly<Record<Replayed, string>> = {
  FIXED: "every field that was off agrees now",
  ALONE: "asked alone it agrees; what failed was its answer in a batch, and only the test asks that again",
  STILL: "the answer is still what it was",
  CHANGED: "the answer is another one, and still not right",
  ERROR: "the endpoint could not be judged",
};

const exits: Readonly<Record<Replayed, ExitCode>> = { FIXED: 0, ALONE: 3, STILL: 1, CHANGED: 1, ERROR: 3 };

/** What runs the test of a failure, and as little else as can be. */
function testLine({ judged, plan }: Failure): string {
  const place = plan?.line === undefined ? plan?.file : `${plan.file}:${plan.line}`;
  // Of what is no test of a file (the check of joined calls) only the suite as a whole tells.
  if (place === undefined || judged.id.startsWith("gather-check > ")) return "tally test";
  return `tally test ${quoteShell(place)}`;
}

function describeFault({ code, message }: Problem): string {
  return `error[${code}]: ${message}`;
}

function worst(results: readonly Replayed[]): Replayed {
  return (["ERROR", "CHANGED", "STILL"] as const).find((result) => results.includes(result)) ?? "FIXED";
}

/** The newest run that has a failure of this id. */
async function findFailure(id: string, from: string | undefined, root: string): Promise<Failure> {
  const places = from === undefined ? lastRuns(root) : [from];
  if (places.length === 0) throw tallyError("run-unknown", { path: `${root}/.tally/runs` });
  const known = new Set<string>();
  for (const place of places) {
    let started: RunStarted | undefined;
    const exchanges = new Map<string, Exchange[]>();
    const plans = new Map<string, TestPlanned>();
    for await (const event of readRun(place)) {
      if (event.type === "run-started") started = event;
      if (event.type === "test-planned") plans.set(event.id, event);
      if (event.type === "exchange") exchanges.set(event.id, [...(exchanges.get(event.id) ?? []), event]);
      if (event.type !== "test-judged" || event.failure === undefined) continue;
      known.add(event.failure);
      if (event.failure === id && started)
        return { started, judged: event, plan: plans.get(event.id), exchanges: exchanges.get(event.id) ?? [] };
    }
  }
  throw tallyError("failure-unknown", { id, known: [...known].slice(0, 12) });
}

/** The endpoint that was asked for, else the one of the run. */
function openReplayed(
  { started }: Failure,
  contract: Contract | undefined,
  args: Arguments,
): ReturnType<typeof openEndpoint> {
  const target = chooseTarget(contract, args, process.env);
  if (contract && (target.address !== undefined || started.endpoints[0]?.role === "reference"))
    return openTarget(target, contract, args, () => {});
  const address = target.address ?? started.endpoints[0]?.url ?? "";
  return openEndpoint(address, { root: process.cwd(), token: process.env["TALLY_TOKEN"], contract });
}

interface Judged {
  readonly result: Replayed;
  readonly lines: readonly string[];
}

/** Compares the fields that were off with what was expected of them then. */
function judgeFields(mismatches: readonly LocatedMismatch[], text: string, operation: Operation | undefined): Judged {
  const answer = readJson(text);
  const lines: string[] = [];
  const results: Replayed[] = [];
  for (const { candidate, path, reference = "null", tolerance } of mismatches) {
    const now = valueAtPath(answer, path);
    const field = operation && Object.hasOwn(operation.output, path) ? { value: operation.output[path] } : undefined;
    const fields = field?.value ? { value: field.value } : undefined;
    const wrap = (value: Json | undefined): Json => (value === undefined ? {} : { value });
    const { mismatches: left } = compareRecord(fields, wrap(readJson(reference)), wrap(now), {
      context: "expected",
      ...(tolerance ? { tolerances: { value: tolerance } } : {}),
    });
    const same = left.length > 0 && left[0]?.candidate === candidate;
    lines.push(
      `${path || "(record)"}  expected ${reference}  now ${left[0]?.candidate ?? (left.length === 0 ? "agrees" : "missing")}`,
    );
    results.push(left.length === 0 ? "FIXED" : same ? "STILL" : "CHANGED");
  }
  return { result: worst(results), lines };
}

/** Without fields to compare there is only the answer of then. */
function judgeAnswer({ answer }: Exchange, text: string): Judged {
  return { result: answer === text ? "STILL" : "CHANGED", lines: answer === undefined ? [] : [`then   ${answer}`] };
}

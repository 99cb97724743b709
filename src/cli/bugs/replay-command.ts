/** `tally replay ID`: sends exactly the exchange of a failure again and says what became of it. */
import type { Contract } from "../../contract/contract.ts";
import { findContract } from "../../contract/load-contract.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { openEndpoint } from "../../endpoint/open-endpoint.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { RawJson, writeJson } from "../../kernel/write-json.ts";
import { findFailure, type FoundFailure } from "../../report/find-failure.ts";
import { quoteShell } from "../../kernel/posix-words.ts";
import { hiddenField } from "../../suite/redact/hidden-field.ts";
import { isGatherCheck } from "../../verdict/gather-check-id.ts";
import type { Exchange } from "../../verdict/run-event.ts";
import type { Arguments } from "../arguments.ts";
import { lastRuns } from "../run/run-history.ts";
import { stateFolder } from "../state-folder.ts";
import { chooseTarget, openTarget, readContract } from "../target.ts";
import { type Replayed, worstReplay } from "./replayed-exchange.ts";
import { callsOf, sendAgain, type Sent } from "./send-again.ts";

export async function runReplay(args: Arguments): Promise<ExitCode> {
  const [id = ""] = args.positionals;
  const local = localContract(args);
  const failure = await findFailure(id, failurePlaces(args, local));
  const report = await replay(failure, local, args);
  process.stdout.write(args.flag("json") ? jsonText(failure, report) : plainText(failure, report));
  return exits[report.result];
}

/** The contract here, if there is one: a replay does without. */
export function localContract(args: Arguments): Contract | undefined {
  return findContract(process.cwd(), args.text("config")) === undefined ? undefined : readContract(args);
}

/** Where a failure is looked for: `--from`, else the last runs. Throws `run-unknown` where there is none. */
export function failurePlaces(args: Arguments, local: Contract | undefined): readonly string[] {
  const from = args.text("from");
  if (from !== undefined) return [from];
  const root = local ? stateFolder(local.root, args) : process.cwd();
  const places = lastRuns(root);
  if (places.length === 0) throw tallyError("run-unknown", { path: `${root}/.tally/runs` });
  return places;
}

interface Report {
  readonly result: Replayed;
  readonly endpoint: string | undefined;
  readonly exchanges: readonly Sent[];
}

const meanings: Readonly<Record<Replayed, string>> = {
  FIXED: "every field that was off agrees now",
  ALONE: "asked alone it agrees; what failed was its answer in a batch, and only the test asks that again",
  STILL: "the answer is still what it was",
  CHANGED: "the answer is another one, and still not right",
  ERROR: "the endpoint could not be judged",
};
const unknownRight = "the answer is another one; whether it is right only the test can say";
const nothingToSend = "the failure has no exchange of its own, so there is nothing to send again";

const exits: Readonly<Record<Replayed, ExitCode>> = { FIXED: 0, ALONE: 3, STILL: 1, CHANGED: 1, ERROR: 3 };

/** What of a failure is sent again: what was off, else what got no answer, else all that the test asked. */
function relevant({ exchanges, judged }: FoundFailure): readonly Exchange[] {
  const asked = exchanges.filter((exchange) => exchange.asked === "test");
  const off = new Set(judged.mismatches.map((mismatch) => mismatch.exchange));
  const named = asked.filter((exchange) => off.has(exchange.n));
  if (named.length > 0) return named;
  const unanswered = asked.filter((exchange) => exchange.fault !== undefined);
  return unanswered.length > 0 ? unanswered : asked;
}

async function replay(failure: FoundFailure, local: Contract | undefined, args: Arguments): Promise<Report> {
  const exchanges = relevant(failure);
  if (exchanges.length === 0) return { result: "ERROR", endpoint: undefined, exchanges: [] };
  const contract = failure.contract ?? local;
  const calls = callsOf(failure, exchanges);
  refuseHidden(calls.flat(), contract, failure);
  const endpoint = openReplayed(failure, local, args);
  const timeoutMs = args.duration("timeout") ?? local?.endpoint.timeoutMs ?? 30_000;
  try {
    await endpoint.start();
    const sending = { endpoint, contract, timeoutMs };
    const together = await sendAgain(calls, failure, exchanges, sending);
    const found = resultOf(together);
    const joined = calls.some((call) => call.length > 1);
    if (joined && (found === "STILL" || found === "CHANGED")) {
      const alone = exchanges.map((exchange) => [exchange]);
      const sent = await sendAgain(alone, failure, exchanges, sending);
      if (resultOf(sent) === "FIXED") return { result: "ALONE", endpoint: endpoint.url, exchanges: sent };
    }
    const isAlone = found === "FIXED" && !joined && failure.judged.reason === "batch-dependent";
    return { result: isAlone ? "ALONE" : found, endpoint: endpoint.url, exchanges: together };
  } finally {
    await endpoint.close();
  }
}

function resultOf(sent: readonly Sent[]): Replayed {
  const results = sent.flatMap(({ judged }): Replayed[] =>
    judged === undefined ? ["ERROR"] : judged.result === undefined ? [] : [judged.result],
  );
  return results.length === 0 ? "STILL" : worstReplay(results);
}

function refuseHidden(exchanges: readonly Exchange[], contract: Contract | undefined, failure: FoundFailure): void {
  const id = failure.judged.failure ?? "";
  for (const { input, operation } of exchanges) {
    const field = hiddenField(contract?.operations, operation, input);
    if (field !== undefined)
      throw tallyError("replay-sensitive", { id, field: `${operation}.${field}`, run: testLine(failure) });
  }
}

/** The endpoint that was asked for, else the one of the run. */
function openReplayed(
  { contract: told, started }: FoundFailure,
  local: Contract | undefined,
  args: Arguments,
): Endpoint {
  const target = chooseTarget(local, args, process.env);
  const [own] = started.endpoints;
  if (local && (target.address !== undefined || own?.role === "reference"))
    return openTarget(target, local, args, () => {});
  const address = target.address ?? toldAddress(own?.url ?? "", args);
  const isTold = target.address === undefined && args.text("from") !== undefined;
  if (local && !isTold) return openTarget({ address, role: "candidate" }, local, args, () => {});
  return openEndpoint(address, {
    root: process.cwd(),
    // What is ours goes where we said, and not where a report did.
    token: isTold ? undefined : process.env["TALLY_TOKEN"],
    ca: args.text("ca"),
    strictJson: args.flag("strict-json"),
    duplicateKeys: args.choice("duplicate-keys", ["error", "last"]),
    contract: local ?? told,
  });
}

/** The endpoint that a run says it had. A report may be anybody's: on its word no program is started and no file opened. */
function toldAddress(address: string, args: Arguments): string {
  if (args.text("from") !== undefined && !/^https?:/.test(address)) throw tallyError("replay-endpoint", { address });
  return address;
}

/** What runs the test of a failure, and as little else as can be. */
function testLine({ judged, plan }: FoundFailure): string {
  const place = plan?.line === undefined ? plan?.file : `${plan.file}:${plan.line}`;
  // Of what is no test of a file (the check of joined calls) only the suite as a whole tells.
  if (place === undefined || isGatherCheck(judged.id)) return "tally test";
  return `tally test ${quoteShell(place)}`;
}

function meaningOf({ judged }: FoundFailure, { exchanges, result }: Report): string {
  if (exchanges.length === 0) return nothingToSend;
  const unknown = exchanges.some((sent) => sent.judged?.result === "CHANGED" && sent.judged.fields.length === 0);
  return result === "CHANGED" && unknown && judged.mismatches.length === 0 ? unknownRight : meanings[result];
}

function plainText(failure: FoundFailure, report: Report): string {
  const { endpoint, exchanges, result } = report;
  const meaning = meaningOf(failure, report);
  const lines = [failure.judged.id, ...(endpoint === undefined ? [] : [`  endpoint  ${endpoint}`])];
  for (const sent of exchanges) {
    lines.push(`  ${sent.operation}  input ${sent.input}`);
    if (sent.fault) lines.push(`    error[${sent.fault.code}]: ${sent.fault.message}`);
    else lines.push(`    answer ${sent.answer ?? ""}`);
    for (const { agrees, expected, now, path } of sent.judged?.fields ?? []) {
      const wanted = expected === undefined ? "" : `  expected ${expected}`;
      lines.push(`    ${path || "(record)"}${wanted}  now ${agrees ? "agrees" : (now ?? "missing")}`);
    }
    if (sent.judged && sent.judged.fields.length === 0 && sent.before !== undefined)
      lines.push(`    then   ${sent.before}`);
  }
  const withHint = result === "ALONE" || meaning === unknownRight || meaning === nothingToSend;
  return `${[...lines, `${result}  ${meaning}`, ...(withHint ? [`  hint: ${testLine(failure)}`] : [])].join("\n")}\n`;
}

/** Records and values are spliced in as they were on the wire. */
function jsonText(failure: FoundFailure, report: Report): string {
  const raw = (text: string | undefined, key: string) => (text === undefined ? {} : { [key]: new RawJson(text) });
  const exchanges = report.exchanges.map(({ answer, fault, input, judged, operation, before }) => ({
    operation,
    ...raw(input, "input"),
    ...raw(before, "before"),
    ...raw(answer, "answer"),
    ...(fault === undefined ? {} : { fault: { code: fault.code, message: fault.message } }),
    ...(judged?.result === undefined ? {} : { result: judged.result }),
    fields: (judged?.fields ?? []).map(({ agrees, expected, now, path }) => ({
      path,
      ...raw(expected, "expected"),
      ...raw(now, "now"),
      agrees,
    })),
  }));
  const { judged } = failure;
  return `${writeJson({
    v: 1,
    failure: judged.failure ?? "",
    test: judged.id,
    result: report.result,
    meaning: meaningOf(failure, report),
    ...(report.endpoint === undefined ? {} : { endpoint: report.endpoint }),
    exchanges,
  })}\n`;
}

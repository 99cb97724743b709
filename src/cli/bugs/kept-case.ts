/**
 * A failure → the cases that would have found it. Comes in: what is known of the failure, what was said on the command line.
 * Goes out: one case for each record that was off, or an error that says what is missing. Writes nothing.
 */
import { compareRecord } from "../../compare/compare-record.ts";
import { defaultTolerance } from "../../compare/tolerance.ts";
import type { Fields, Operation, Tolerance } from "../../contract/contract.ts";
import { holdsSensitive, receivedFields } from "../../contract/sensitive-fields.ts";
import { tallyError } from "../../kernel/errors.ts";
import { JsonFault } from "../../kernel/json-fault.ts";
import type { Json } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import type { Found } from "../../record/case-row.ts";
import { isJsonObject } from "../../record/json-kind.ts";
import { resolveField } from "../../record/resolve-field.ts";
import { spacedJson, type WrittenCase, writtenTolerance } from "../../record/write-case.ts";
import type { FoundFailure } from "../../report/find-failure.ts";
import { clip } from "../../report/plain-text.ts";
import { quoteShell } from "../../kernel/posix-words.ts";
import { sensitiveValues, withoutSensitive } from "../../suite/redact/sensitive-record.ts";
import type { Exchange, LocatedMismatch } from "../../verdict/run-event.ts";
import { judgeReplayed } from "./replayed-exchange.ts";
import { stagesOf } from "./send-again.ts";

export interface KeepWishes {
  readonly expect: string | undefined;
  readonly exchange: number | undefined;
  readonly name: string | undefined;
  readonly bug: string | undefined;
  readonly by: string | undefined;
  readonly link: string | undefined;
  /** What the reference answered to a record, where the suite knows it. */
  readonly reference: (operation: string, input: string) => string | undefined;
}

type Record_ = Readonly<Record<string, Json>>;

/** The cases of a failure. Throws `keep-nothing`, `keep-several`, `keep-exchange`, `keep-unexpected`, `keep-sensitive`, `keep-expect`. */
export function keptCases(failure: FoundFailure, wishes: KeepWishes): WrittenCase[] {
  const chosen = chooseExchanges(failure, wishes);
  const expect = wishes.expect === undefined ? undefined : readExpect(wishes.expect);
  const base = wishes.name ?? failure.plan?.name ?? failure.judged.id;
  return chosen.map((exchange, i): WrittenCase => {
    const operation = failure.contract?.operations?.[exchange.operation];
    const mismatches = mismatchesOf(failure, exchange);
    if (expect) refuseSensitive(failure, exchange, expect);
    return {
      name: chosen.length === 1 ? base : `${base} (${i + 1})`,
      operation: exchange.operation,
      bug: wishes.bug,
      input: openInput(failure, exchange),
      expect: expect ?? expectedOf(failure, exchange, wishes),
      tolerance: tolerances(mismatches, operation),
      tags: ["regression"],
      found: foundOf(failure, wishes),
    };
  });
}

function idOf({ judged }: FoundFailure): string {
  return judged.failure ?? "";
}

function mismatchesOf({ judged }: FoundFailure, exchange: Exchange): readonly LocatedMismatch[] {
  return judged.mismatches.filter((mismatch) => mismatch.exchange === exchange.n);
}

/** The records that a case is made of. */
function chooseExchanges(failure: FoundFailure, wishes: KeepWishes): readonly Exchange[] {
  const { contract, exchanges, judged } = failure;
  const id = idOf(failure);
  const asked = exchanges.filter((exchange) => exchange.asked === "test");
  if (judged.reason === "batch-dependent")
    throw tallyError("keep-nothing", { id, why: "it fails only in a batch, and a case of its own would pass" });
  if (asked.length === 0) throw tallyError("keep-nothing", { id, why: "it has no exchange of its own" });
  const shown = asked.map(({ input, n, operation }) => clip(`${n} ${operation} ${input}`, 60));
  if (wishes.exchange !== undefined) {
    const one = asked.find(({ n }) => n === wishes.exchange);
    if (one === undefined) throw tallyError("keep-exchange", { id, n: wishes.exchange, exchanges: shown });
    return [one];
  }
  const chained = new Set(asked.flatMap((exchange) => stagesOf(exchange, exchanges, contract)));
  const own = asked.filter((exchange) => !chained.has(exchange));
  const off = own.filter((exchange) => mismatchesOf(failure, exchange).length > 0);
  const silent = own.filter((exchange) => exchange.fault !== undefined);
  const parted = own.filter((exchange) => partedFields(failure, exchange).length > 0);
  const chosen = [off, silent, parted].find((list) => list.length > 0) ?? own;
  const isSure = off.length > 0 || silent.length > 0 || parted.length > 0;
  if (chosen.length > 1 && (wishes.expect !== undefined || !isSure))
    throw tallyError("keep-several", { id, exchanges: shown });
  return chosen;
}

/** Top-level fields in which the answer parts from the reference's. */
function partedFields({ contract }: FoundFailure, { answer, operation, reference }: Exchange): string[] {
  if (answer === undefined || reference === undefined) return [];
  const fields = contract?.operations?.[operation]?.output;
  const open = readJson(withoutSensitive(fields, answer));
  const { mismatches } = compareRecord(fields, readJson(reference), open, { context: "reference" });
  return mismatches
    .filter(({ kind }) => kind !== "missing" || reference.length > 2)
    .map(({ path }) => topField(path, fields));
}

/** The raw record where stages before it were asked; nothing sensitive leaves. */
function openInput(failure: FoundFailure, exchange: Exchange): string {
  const { contract, exchanges } = failure;
  const first = stagesOf(exchange, exchanges, contract).at(-1) ?? exchange;
  const operation = contract?.operations?.[first.operation];
  const fields = operation ? receivedFields(operation, contract?.operations) : undefined;
  if (fields && sensitiveValues(fields, first.input).length > 0) {
    const name = Object.keys(fields).find(
      (field) => fields[field] && sensitiveValues({ [field]: fields[field] }, first.input).length > 0,
    );
    throw tallyError("keep-sensitive", { id: idOf(failure), field: `${first.operation}.${name ?? ""}` });
  }
  return first.input;
}

/** Also what was typed would travel with the suite. */
function refuseSensitive(failure: FoundFailure, { operation }: Exchange, expect: Record_): void {
  const fields = failure.contract?.operations?.[operation]?.output;
  for (const name of Object.keys(expect)) {
    const field = fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field && holdsSensitive(field))
      throw tallyError("keep-sensitive", { id: idOf(failure), field: `${operation}.${name}` });
  }
}

/** What the reference answered, of the fields that were off. */
function expectedOf(failure: FoundFailure, exchange: Exchange, wishes: KeepWishes): Record_ {
  const mismatches = mismatchesOf(failure, exchange);
  const operation = failure.contract?.operations?.[exchange.operation];
  const reference = exchange.reference ?? referenceOfChain(failure, exchange, wishes);
  const unknown = (why: string): never => {
    throw tallyError("keep-unexpected", {
      id: idOf(failure),
      why,
      command: nextCommand(failure, mismatches, exchange),
    });
  };
  if (failure.started.endpoints[0]?.role === "reference") return unknown("it is the reference that failed");
  if (reference === undefined) return unknown("the reference's answer is not recorded");
  const { fields } = judgeReplayed(exchange, mismatches, reference, operation);
  const contrary = fields.find(({ agrees }) => !agrees);
  if (contrary)
    return unknown(
      `the test expects ${contrary.path} ${contrary.expected ?? "otherwise"}, and the reference answers ${contrary.now ?? "nothing"}`,
    );
  const whole = readJson(reference, { numbers: "text" });
  if (!isJsonObject(whole)) return unknown("the reference's answer is no record");
  if (Object.hasOwn(whole, "$error")) return { $error: errorType(whole["$error"] ?? null) };
  const names =
    mismatches.length > 0
      ? mismatches.map(({ path }) => topField(path, operation?.output))
      : partedFields(failure, { ...exchange, reference });
  if (names.length === 0 && exchange.answer !== undefined) return unknown("both sides answered alike");
  const isWhole = names.length === 0 || names.some((name) => name === "" || name === "$error");
  const wanted = Object.entries(whole).filter(([name]) => isWhole || names.includes(name));
  if (wanted.length === 0) {
    const field = `${exchange.operation}.${names[0] ?? ""}`;
    throw tallyError("keep-sensitive", { id: idOf(failure), field });
  }
  return Object.fromEntries(wanted);
}

/** Stage by stage through the recorded answers, where the candidate's own stage went another way. */
function referenceOfChain({ contract, exchanges }: FoundFailure, exchange: Exchange, wishes: KeepWishes) {
  const chain = [exchange, ...stagesOf(exchange, exchanges, contract)].toReversed();
  let answer: string | undefined = chain[0]?.input;
  for (const { operation } of chain) answer = answer === undefined ? undefined : wishes.reference(operation, answer);
  return answer;
}

function errorType(error: Json): Json {
  const type = isJsonObject(error) ? error["type"] : undefined;
  return typeof type === "string" && type.trim() !== "" ? type : true;
}

function topField(path: string, output: Fields | undefined): string {
  const declared = output && resolveField(output, path)?.names[0];
  return declared ?? /^[^.[\]]*/.exec(path)?.[0] ?? path;
}

/** The command with what the test itself expects filled in, where it does. */
function nextCommand(failure: FoundFailure, mismatches: readonly LocatedMismatch[], exchange: Exchange): string {
  const flat = mismatches.filter(({ path, reference }) => reference !== undefined && /^[^.[\]$]+$/.test(path));
  const expected = Object.fromEntries(
    flat.map(({ path, reference = "null" }) => [path, readJson(reference, { numbers: "text" })]),
  );
  const isError = mismatches.some(
    ({ path, reference }) => (path === "" || path === "$error") && reference?.startsWith('{"$error":') === true,
  );
  const example = isError ? '{"$error": true}' : '{"field": "value"}';
  const json = flat.length > 0 ? spacedJson(expected) : example;
  const several = failure.exchanges.filter(({ asked }) => asked === "test").length > 1;
  return `tally keep ${idOf(failure)}${several ? ` --exchange ${exchange.n}` : ""} --expect ${quoteShell(json)}`;
}

function readExpect(text: string): Record_ {
  const refuse = (reason: string) => tallyError("keep-expect", { text, reason });
  let value: Json;
  try {
    value = readJson(text, { numbers: "text" });
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    throw refuse(`it is no JSON (${fault.what})`);
  }
  if (!isJsonObject(value)) throw refuse("it must be an object of fields");
  if (Object.keys(value).length === 0) throw refuse("it names no field");
  return value;
}

/** Tolerances that are the test's own rather than the contract's. */
function tolerances(mismatches: readonly LocatedMismatch[], operation: Operation | undefined): Record_ {
  const made: Record<string, Json> = {};
  for (const { path, tolerance } of mismatches) {
    const field = operation && resolveField(operation.output, path)?.field;
    if (tolerance === undefined || path === "" || path.startsWith("$")) continue;
    const kind = field?.type.kind ?? "json";
    const own = field && Object.keys(field.tolerance).length > 0 ? field.tolerance : defaultTolerance(kind);
    if (!sameTolerance(own, tolerance)) made[path] = writtenTolerance(tolerance, kind === "timestamp");
  }
  return made;
}

function sameTolerance(a: Tolerance, b: Tolerance): boolean {
  const exact = (a.exact ?? false) === (b.exact ?? false);
  return exact && (["abs", "rel", "ulp"] as const).every((key) => (a[key] ?? 0) === (b[key] ?? 0));
}

function foundOf({ judged, started }: FoundFailure, { by, link }: KeepWishes): Found {
  const [endpoint] = started.endpoints;
  const { digest, version } = started.suite;
  const short = digest.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]*$/, "$1$2");
  return {
    ...(by === undefined ? {} : { by }),
    at: started.at,
    ...(endpoint === undefined ? {} : { on: started.side ?? endpoint.role, endpoint: endpoint.url }),
    run: started.run,
    ...(judged.failure === undefined ? {} : { failure: judged.failure }),
    test: judged.id,
    suite: version === undefined ? short : `${version} ${short}`,
    ...(link === undefined ? {} : { link }),
  };
}

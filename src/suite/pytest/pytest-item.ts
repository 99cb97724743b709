/** One pytest item while it runs: what it asked, what it compared, what became of it. All that is judged is judged here. */
import { compareRecord } from "../../compare/compare-record.ts";
import type { Contract } from "../../contract/contract.ts";
import { type Problem, problem } from "../../kernel/errors.ts";
import { readJson } from "../../kernel/read-json.ts";
import { numberMode } from "../../record/decode-record.ts";
import type { LocatedMismatch } from "../../verdict/run-event.ts";
import { askChained, type AskedCall, type TextCall } from "../ask-chained.ts";
import { compareExpected, mismatchLines } from "../child/compare-expected.ts";
import { answerKey } from "../child/current-test.ts";
import type { CallAnswer, RoundCall, TestOutcome } from "../messages.ts";
import type { PytestCompare, PytestJudged, PytestPair, ToPytest } from "./pytest-messages.ts";
import { expectedFault, refusalOf } from "./pytest-refusal.ts";
import { codeFrame } from "../child/test-failure.ts";

type OneExchange = TestOutcome["exchanges"][number];

export interface ItemSettings {
  readonly contract: Contract;
  readonly noGather: boolean;
  readonly logAll: boolean;
  readonly ask: (calls: readonly RoundCall[]) => Promise<readonly (readonly CallAnswer[])[]>;
}

/** At most this many records of a failing item are asked alone. */
const maxAlone = 64;

export class PytestItem {
  readonly #settings: ItemSettings;
  #foreseen: { readonly call: TextCall; readonly asked: AskedCall }[] = [];
  #alone: Map<string, CallAnswer> | undefined;
  #first: TestOutcome | undefined;
  #exchanges: OneExchange[] = [];
  #mismatches: LocatedMismatch[] = [];
  #normalized: string[] = [];
  #nearTies = 0;

  constructor(settings: ItemSettings) {
    this.#settings = settings;
  }

  /** Keeps the answer to a call that the item is expected to make. */
  foresee(call: TextCall, asked: AskedCall): void {
    this.#foreseen.push({ call, asked });
  }

  /** Asks, unless this very call was asked ahead. */
  async call(call: TextCall): Promise<ToPytest> {
    const refused = refusalOf(call, this.#settings.contract);
    if (refused) return { type: "refused", code: refused.code, message: refused.message, hint: refused.hint };
    const { asked, last } = this.#takeForeseen(call) ?? (await this.#ask(call));
    const start = this.#exchanges.length;
    for (const [i, { answer, input, operation }] of asked.entries())
      this.#exchanges.push(exchangeOf(start + i + 1, operation, input, answer));
    return {
      type: "answers",
      answers: last.map((place) => {
        const { answer, fault, n } = this.#exchanges[start + place] ?? { n: 0 };
        if (answer !== undefined) return { answer, exchange: n };
        return { fault: { code: fault?.code ?? "internal", message: fault?.message ?? "not asked" } };
      }),
    };
  }

  /** Holds answers against what the item expects of them. */
  compare({ many, pairs, tolerance }: PytestCompare): ToPytest {
    const found: LocatedMismatch[] = [];
    for (const [i, pair] of pairs.entries()) {
      const compared = this.#compareOne(pair, tolerance, many ? i : undefined);
      if ("code" in compared)
        return { type: "refused", code: compared.code, message: compared.message, hint: compared.hint };
      found.push(...compared.mismatches);
    }
    this.#mismatches.push(...found);
    return { type: "compared", mismatches: found.flatMap(mismatchLines) };
  }

  /** The outcome; undefined when the item is to run once more, with its records asked alone. */
  async judge(told: PytestJudged): Promise<TestOutcome | undefined> {
    const outcome = this.#outcome(told);
    const first = this.#first;
    if (first)
      return outcome.verdict === "pass"
        ? { ...first, reason: "batch-dependent", note: "passes when its records are asked alone" }
        : first;
    const byValue = outcome.reason === "mismatch" || outcome.reason === "assertion";
    const together = this.#exchanges.some((exchange) => exchange.batch > 1);
    if (!byValue || !together || !told.repeatable || this.#settings.noGather) return outcome;
    const alone = await this.#askAlone();
    const exchanges = this.#exchanges.map((exchange) => this.#withAlone(exchange, alone));
    if (!exchanges.some((exchange) => exchange.alone !== undefined)) return outcome;
    this.#first = { ...outcome, exchanges };
    this.#alone = alone;
    [this.#exchanges, this.#mismatches, this.#normalized, this.#nearTies] = [[], [], [], 0];
    return undefined;
  }

  #takeForeseen(call: TextCall): AskedCall | undefined {
    const next = this.#foreseen.shift();
    if (next === undefined) return undefined;
    const { operation, records } = next.call;
    const isSame =
      operation === call.operation &&
      records.length === call.records.length &&
      records.every((record, i) => record === call.records[i]);
    if (!isSame) this.#foreseen = [];
    return isSame ? next.asked : undefined;
  }

  async #ask(call: TextCall): Promise<AskedCall> {
    const [asked] = await askChained([call], this.#settings.contract.operations, (calls) =>
      Promise.all(calls.map((one) => this.#askOne(one))),
    );
    return asked ?? { asked: [], last: [] };
  }

  async #askOne({ operation, records }: TextCall): Promise<readonly CallAnswer[]> {
    const alone = this.#alone;
    const known = alone && records.map((record) => alone.get(answerKey(operation, record)));
    if (known?.every((answer) => answer !== undefined)) return known;
    const apart = this.#settings.noGather || alone !== undefined;
    const [answers] = await this.#settings.ask([{ operation, records, apart, single: alone !== undefined }]);
    return answers ?? [];
  }

  async #askAlone(): Promise<Map<string, CallAnswer>> {
    const wanted = new Map<string, TextCall>();
    for (const { input, operation } of this.#exchanges) {
      if (wanted.size < maxAlone) wanted.set(answerKey(operation, input), { operation, records: [input] });
    }
    const answers = await this.#settings.ask(
      [...wanted.values()].map((call) => ({ ...call, apart: true, single: true })),
    );
    const alone = new Map<string, CallAnswer>();
    for (const [i, key] of [...wanted.keys()].entries()) {
      const answer = answers[i]?.[0];
      if (answer) alone.set(key, answer);
    }
    return alone;
  }

  #withAlone(exchange: OneExchange, alone: ReadonlyMap<string, CallAnswer>): OneExchange {
    const answer = alone.get(answerKey(exchange.operation, exchange.input));
    if (answer?.kind !== "answered" || exchange.answer === undefined) return exchange;
    const fields = this.#settings.contract.operations?.[exchange.operation]?.output;
    const { mismatches } = compareRecord(fields, readJson(answer.text), readJson(exchange.answer), {
      context: "reference",
    });
    return mismatches.length === 0 ? exchange : { ...exchange, alone: answer.text };
  }

  #compareOne(
    pair: PytestPair,
    tolerance: PytestCompare["tolerance"],
    record: number | undefined,
  ): { readonly mismatches: readonly LocatedMismatch[] } | Problem {
    const declared = pair.operation === null ? undefined : this.#settings.contract.operations?.[pair.operation];
    const json = readJson(pair.expected, { numbers: numberMode(declared?.output) });
    const wrong = expectedFault(pair, json, tolerance !== null, this.#settings.contract);
    if (wrong) return wrong;
    const expected = { json, tolerances: pair.tolerances, tolerance: tolerance ?? undefined };
    const comparison = compareExpected(pair.answer, expected, { fields: declared?.output, extra: declared?.extra });
    this.#nearTies += comparison.nearTies.length;
    this.#normalized.push(...comparison.normalized.map((path) => `${pair.operation ?? ""}.${path}`));
    // A record that a fixture of a wider scope asked for belongs to another item's exchanges.
    const known = pair.exchange === null ? undefined : this.#exchanges[pair.exchange - 1];
    const where = {
      operation: pair.operation ?? "",
      ...(known?.answer === pair.answer ? { exchange: known.n } : {}),
      ...(record === undefined ? {} : { record }),
    };
    return { mismatches: comparison.mismatches.map((mismatch) => ({ ...inPython(mismatch), ...where })) };
  }

  #outcome(told: PytestJudged): TestOutcome {
    const { verdict, reason, fault } = this.#verdict(told);
    const kept = verdict !== "pass" || this.#settings.logAll;
    const { root } = this.#settings.contract;
    return {
      verdict,
      ...(reason === undefined ? {} : { reason }),
      ...(told.note === undefined ? {} : { note: told.note }),
      ...(fault ? { fault } : {}),
      mismatches: verdict === "pass" || verdict === "skip" ? [] : this.#mismatches,
      failures: fault
        ? []
        : told.failures.map(({ at, message }) => ({
            message,
            ...(at ? { at, frame: codeFrame(`${root}/${at.file}`, at.line, at.column) } : {}),
          })),
      nearTies: this.#nearTies,
      ...(this.#normalized.length > 0 ? { normalized: this.#normalized } : {}),
      ...(told.output && kept ? { output: told.output } : {}),
      exchanges: kept ? this.#exchanges : [],
      ms: told.ms,
    };
  }

  #verdict({ by, outcome }: PytestJudged): Pick<TestOutcome, "verdict" | "reason" | "fault"> {
    const faults = this.#exchanges.flatMap((exchange) => (exchange.fault ? [exchange.fault] : []));
    const hard = faults.find((fault) => fault.code !== "operation-not-implemented");
    if (hard) return { verdict: "error", reason: "fault", fault: hard };
    const [missing] = faults;
    if (missing) return { verdict: "fail", reason: "not-implemented", fault: missing };
    if (outcome === "passed") return { verdict: "pass" };
    return outcome === "skipped"
      ? { verdict: "skip", reason: "skipped" }
      : { verdict: "fail", reason: by ?? "assertion" };
  }
}

/** A hint that proposes code, in the language of the test. */
function inPython<Found extends Pick<LocatedMismatch, "hint">>(mismatch: Found): Found {
  const hint = mismatch.hint?.replaceAll(/approx\(([^,()]+), \{ (\w+): ([^{}]+?) \}\)/g, "approx($1, $2=$3)");
  return hint === undefined ? mismatch : { ...mismatch, hint };
}

function exchangeOf(n: number, operation: string, input: string, answer: CallAnswer): OneExchange {
  const exchange = { n, operation, input, asked: "test" as const };
  switch (answer.kind) {
    case "answered":
      return { ...exchange, answer: answer.text, batch: answer.batch, ms: answer.ms };
    case "fault":
      return { ...exchange, fault: answer.fault, batch: 1, ms: answer.ms };
    case "not-implemented":
      return { ...exchange, fault: problem("operation-not-implemented", { operation }), batch: 1, ms: 0 };
  }
}

/** A case table: every row a test of its own, all rows of an operation one batched call. */
import { compareRecord, type RecordComparison } from "../compare/compare-record.ts";
import { conforms } from "../compare/conforms.ts";
import type { Contract } from "../contract/contract.ts";
import { problem } from "../kernel/errors.ts";
import { readJson } from "../kernel/read-json.ts";
import { sliceObject } from "../kernel/slice-json.ts";
import { numberMode } from "../record/decode-record.ts";
import type { CaseRow } from "../record/read-case-table.ts";
import type { Asker } from "./asker.ts";
import type { CallAnswer, TestOutcome } from "./messages.ts";
import { notRun } from "./child/run-tree.ts";

type OneExchange = TestOutcome["exchanges"][number];

/** Outcomes in the order of the rows. */
export async function runCases(
  rows: readonly CaseRow[],
  contract: Contract,
  asker: Asker,
  noGather: boolean,
): Promise<TestOutcome[]> {
  const outcomes = new Map<CaseRow, TestOutcome>();
  const running = rows.filter((row) => row.skip === undefined);
  for (const row of rows) {
    if (row.skip !== undefined) outcomes.set(row, { ...notRun(), reason: "skipped", note: row.skip });
  }
  for (const [operation, group] of Map.groupBy(running, (row) => row.operation)) {
    const asked = await askRows(operation, group, contract, asker, noGather);
    const failed: { row: CaseRow; asked: AskedRow }[] = [];
    for (const [i, row] of group.entries()) {
      const one = asked[i];
      if (one === undefined) continue;
      const outcome = judgeRow(row, one, contract);
      outcomes.set(row, outcome);
      if (outcome.reason === "mismatch" && one.exchanges.some((exchange) => exchange.batch > 1))
        failed.push({ row, asked: one });
    }
    await askFailedAlone(failed, outcomes, contract, asker);
  }
  return rows.map((row) => outcomes.get(row) ?? notRun());
}

interface AskedRow {
  readonly answer: CallAnswer;
  readonly exchanges: readonly OneExchange[];
}

/** Asks rows of one operation; where it receives a stage's output and the row gives the raw record, the stage first. */
async function askRows(
  name: string,
  rows: readonly CaseRow[],
  contract: Contract,
  asker: Asker,
  single: boolean,
): Promise<AskedRow[]> {
  const input = contract.operations?.[name]?.input;
  const stage = input?.kind === "stage" ? contract.operations?.[input.stage] : undefined;
  const wanted = Object.keys(stage?.output ?? {});
  const isRaw = (row: CaseRow): boolean =>
    stage !== undefined && !wanted.every((field) => sliceObject(row.input).has(field));
  const upstream = new Map<CaseRow, AskedRow>();
  const raw = rows.filter(isRaw);
  if (stage && raw.length > 0) {
    const asked = await askRows(stage.name, raw, contract, asker, single);
    for (const [i, row] of raw.entries()) if (asked[i]) upstream.set(row, asked[i]);
  }
  const ready = rows.filter((row) => (upstream.get(row)?.answer.kind ?? "answered") === "answered");
  const inputOf = (row: CaseRow): string => {
    const before = upstream.get(row)?.answer;
    return before?.kind === "answered" ? before.text : row.input;
  };
  const answers = await asker.ask(name, ready.map(inputOf), single);
  const byRow = new Map(ready.map((row, i) => [row, answers[i]]));
  return rows.map((row): AskedRow => {
    const before = upstream.get(row);
    const answer = byRow.get(row) ?? before?.answer ?? { kind: "not-implemented" };
    const n = (before?.exchanges.length ?? 0) + 1;
    if (!byRow.has(row)) return { answer, exchanges: before?.exchanges ?? [] };
    return { answer, exchanges: [...(before?.exchanges ?? []), exchangeOf(n, name, inputOf(row), answer)] };
  });
}

function exchangeOf(n: number, operation: string, input: string, answer: CallAnswer): OneExchange {
  const asked = { n, operation, input, asked: "test" as const };
  switch (answer.kind) {
    case "answered":
      return { ...asked, answer: answer.text, batch: answer.batch, ms: answer.ms };
    case "fault":
      return { ...asked, fault: answer.fault, batch: 1, ms: answer.ms };
    case "not-implemented":
      return { ...asked, fault: problem("operation-not-implemented", { operation }), batch: 1, ms: 0 };
  }
}

function judgeRow(row: CaseRow, { answer, exchanges }: AskedRow, contract: Contract): TestOutcome {
  const ms = exchanges.reduce((sum, exchange) => sum + exchange.ms, 0);
  const base = { ...notRun(), exchanges, ms };
  switch (answer.kind) {
    case "fault":
      return { ...base, verdict: "error", reason: "fault", fault: answer.fault };
    case "not-implemented":
      return {
        ...base,
        verdict: "fail",
        reason: "not-implemented",
        fault: problem("operation-not-implemented", { operation: row.operation }),
      };
    case "answered": {
      const { mismatches, nearTies, normalized } = compareRow(row, answer.text, contract);
      const located = mismatches.map((mismatch) => ({
        ...mismatch,
        operation: row.operation,
        exchange: exchanges.length,
      }));
      const { reason: _, ...judged } = {
        ...base,
        nearTies: nearTies.length,
        normalized: normalized.map((path) => `${row.operation}.${path}`),
        mismatches: located,
      };
      return located.length === 0 ? { ...judged, verdict: "pass" } : { ...judged, verdict: "fail", reason: "mismatch" };
    }
  }
}

/** An answer against what a row expects, or against the declared types. */
export function compareRow(
  row: CaseRow,
  text: string,
  contract: Contract,
): Pick<RecordComparison, "mismatches" | "nearTies" | "normalized"> {
  const operation = contract.operations?.[row.operation];
  const answer = readJson(text, { numbers: numberMode(operation?.output) });
  if (row.expect === undefined)
    return { mismatches: conforms(operation?.output, answer), nearTies: [], normalized: [] };
  const options = { partial: true, context: "expected", tolerances: row.tolerance, extra: operation?.extra } as const;
  return compareRecord(operation?.output, row.expect, answer, options);
}

/** Once more, each by itself: when that changes the verdict, the batch decided. */
async function askFailedAlone(
  failed: readonly { row: CaseRow; asked: AskedRow }[],
  outcomes: Map<CaseRow, TestOutcome>,
  contract: Contract,
  asker: Asker,
): Promise<void> {
  for (const [operation, group] of Map.groupBy(failed, ({ row }) => row.operation)) {
    const alone = await askRows(
      operation,
      group.map(({ row }) => row),
      contract,
      asker,
      true,
    );
    for (const [i, { row }] of group.entries()) {
      const again = alone[i];
      const outcome = outcomes.get(row);
      if (again?.answer.kind !== "answered" || outcome === undefined) continue;
      if (judgeRow(row, again, contract).verdict !== "pass") continue;
      const { text } = again.answer;
      const exchanges = outcome.exchanges.map((exchange) =>
        exchange.operation === operation ? { ...exchange, alone: text } : exchange,
      );
      outcomes.set(row, {
        ...outcome,
        exchanges,
        reason: "batch-dependent",
        note: "passes when its record is asked alone",
      });
    }
  }
}

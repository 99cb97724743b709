/**
 * What a failing test is shown with: the reference's answers to its records, the upstream stages of both sides, and the
 * first stage and field where they part. Upstream stages are asked for many failures at once.
 */
import { createHash } from "node:crypto";
import { compareRecord } from "../compare/compare-record.ts";
import { looksPermuted } from "../compare/permutation.ts";
import type { Operation } from "../contract/contract.ts";
import { readJson } from "../kernel/read-json.ts";
import { sliceObject } from "../kernel/slice-json.ts";
import { canonicalJson } from "../kernel/write-json.ts";
import type { TestJudged } from "../verdict/run-event.ts";
import type { Asker } from "./asker.ts";
import type { TestOutcome } from "./messages.ts";
import type { ReferenceAnswers } from "./reference/reference-answers.ts";
import { openFields, withoutSensitive } from "./redact/sensitive-record.ts";
import { askableStages, depthOf } from "./stages.ts";

type OneExchange = TestOutcome["exchanges"][number];

export interface Explaining {
  readonly operations: Readonly<Record<string, Operation>> | undefined;
  readonly asker: Asker;
  /** Undefined when the reference itself is under test. */
  readonly references: ReferenceAnswers | undefined;
}

/** What is known of a failure besides its outcome. */
export interface Explained {
  readonly outcome: TestOutcome;
  readonly divergence?: NonNullable<TestJudged["divergence"]>;
  /** Of an entry of the baseline that is judged as a test of its own. */
  readonly baseline?: NonNullable<TestJudged["baseline"]>;
}

/** Explains failing outcomes; the order is kept. Records of at most `maxRecords` exchanges a test are followed upstream. */
export async function explainFailures(outcomes: readonly TestOutcome[], explaining: Explaining): Promise<Explained[]> {
  const upstream = await askUpstream(outcomes, explaining);
  const moved = movedRows(outcomes, explaining);
  return outcomes.map((told, i) => {
    const outcome = moved && told.reason === "mismatch" ? { ...told, note: moved } : told;
    const exchanges = [...outcome.exchanges, ...(upstream[i] ?? [])].map((exchange) =>
      withTraceback(withReference(exchange, explaining), explaining),
    );
    const divergence = firstDivergence(exchanges, outcome, explaining);
    return { outcome: { ...outcome, exchanges }, ...(divergence ? { divergence } : {}) };
  });
}

/** Wire version 1 has no row ids, so rows in another order are wrong values: this says what they look like. */
function movedRows(outcomes: readonly TestOutcome[], { operations, references }: Explaining): string | undefined {
  const rows = outcomes
    .flatMap((outcome) => outcome.exchanges)
    .filter((exchange) => exchange.asked === "test" && exchange.batch > 1);
  for (const [operation, group] of Map.groupBy(rows, (row) => row.operation)) {
    const fields = operations?.[operation]?.output;
    const known = group.flatMap(({ answer, input }) => {
      const reference = references?.get(operation, input);
      return answer === undefined || reference === undefined
        ? []
        : [{ answer: readJson(withoutSensitive(fields, answer)), reference: readJson(reference) }];
    });
    const how = looksPermuted(
      known.map((row) => row.reference),
      known.map((row) => row.answer),
      (reference, candidate) =>
        compareRecord(openFields(fields), reference, candidate, { context: "reference" }).mismatches.length === 0,
    );
    if (how) return `the rows of ${operation} look ${how}: each answer is right for another record of the batch`;
  }
  return undefined;
}

const maxRecords = 32;

async function askUpstream(
  outcomes: readonly TestOutcome[],
  { operations, asker, references }: Explaining,
): Promise<OneExchange[][]> {
  const found: OneExchange[][] = outcomes.map(() => []);
  const wanted = new Map<string, { test: number; input: string }[]>();
  for (const [test, outcome] of outcomes.entries()) {
    const known = new Set(outcome.exchanges.map((exchange) => `${exchange.operation}\n${exchange.input}`));
    for (const { operation, input } of outcome.exchanges.slice(0, maxRecords)) {
      for (const stage of askableStages(operations, operation, new Set(sliceObject(input).keys()))) {
        if (known.has(`${stage}\n${input}`)) continue;
        known.add(`${stage}\n${input}`);
        const list = wanted.get(stage) ?? [];
        wanted.set(stage, list);
        list.push({ test, input });
      }
    }
  }
  if (references === undefined || asker.gaveUp) return found;
  for (const [operation, asks] of wanted) {
    const answers = await asker.ask(
      operation,
      asks.map((ask) => ask.input),
      false,
    );
    for (const [i, { test, input }] of asks.entries()) {
      const answer = answers[i];
      const list = found[test];
      if (list === undefined || answer?.kind !== "answered") continue;
      const n = (outcomes[test]?.exchanges.length ?? 0) + list.length + 1;
      list.push({ n, operation, input, answer: answer.text, batch: answer.batch, asked: "stage", ms: answer.ms });
    }
  }
  return found;
}

function withReference(exchange: OneExchange, { references }: Explaining): OneExchange {
  const reference = references?.get(exchange.operation, exchange.input);
  return reference === undefined ? exchange : { ...exchange, reference };
}

/** An error answer of a connector that runs here, with the place in its author's code. */
function withTraceback(exchange: OneExchange, { asker }: Explaining): OneExchange {
  if (exchange.answer === undefined || !sliceObject(exchange.answer).has("$error")) return exchange;
  const traceback = asker.endpoint.tracebackOf?.(exchange.operation, exchange.input);
  return traceback === undefined ? exchange : { ...exchange, traceback };
}

function firstDivergence(
  exchanges: readonly OneExchange[],
  outcome: TestOutcome,
  { operations }: Explaining,
): Explained["divergence"] {
  const byStage = exchanges.toSorted(
    (a, b) => depthOf(operations, a.operation) - depthOf(operations, b.operation) || a.n - b.n,
  );
  for (const { operation, answer, reference } of byStage) {
    if (answer === undefined || reference === undefined) continue;
    const fields = operations?.[operation]?.output;
    // Reference answers are stored without what is sensitive.
    const open = readJson(withoutSensitive(fields, answer));
    const [first] = compareRecord(openFields(fields), readJson(reference), open, { context: "reference" }).mismatches;
    if (first) return { operation, path: first.path };
  }
  const [first] = outcome.mismatches.toSorted(
    (a, b) => depthOf(operations, a.operation) - depthOf(operations, b.operation),
  );
  return first && first.operation !== "" ? { operation: first.operation, path: first.path } : undefined;
}

/** Failure id: 8 hex digits over test id, operation, canonical input and field paths; the same on every machine. */
export function failureId(test: string, outcome: TestOutcome): string {
  const [first] = outcome.mismatches;
  const exchange =
    outcome.exchanges.find((one) => one.n === first?.exchange) ?? outcome.exchanges.find((one) => one.asked === "test");
  const paths = [...new Set(outcome.mismatches.map((mismatch) => mismatch.path))].toSorted();
  const input = exchange === undefined ? "" : canonicalJson(readJson(exchange.input));
  return createHash("sha256")
    .update([test, exchange?.operation ?? "", input, ...paths].join("\n"))
    .digest("hex")
    .slice(0, 8);
}

/** All files of a suite: test files each in a process of their own, a few at a time; case tables in this one. */
import { join } from "node:path";
import { whyNot } from "../compare/type-check.ts";
import { problem, type Problem } from "../kernel/errors.ts";
import { readCaseTable, type CaseRow } from "../record/read-case-table.ts";
import type { TestPlanned } from "../verdict/run-event.ts";
import { explainFailures } from "./explain-failures.ts";
import { loadMessage } from "./load-message.ts";
import type { LoadFile, LooseFailure, TestOutcome } from "./messages.ts";
import { pytestId, PytestProcess } from "./pytest/pytest-process.ts";
import { plannedRow, plannedTest } from "./planned-test.ts";
import { runCases } from "./run-cases.ts";
import type { RunState, SuiteFiles } from "./suite-run.ts";
import { runTestFile, type TestSource } from "./run-test-file.ts";
import { notRun } from "./child/run-tree.ts";
import { selectTests } from "./selection.ts";
import { type SuiteProcess, TestFileProcess } from "./test-file-process.ts";

/** Processes that were started while the endpoint was. */
export interface Started {
  /** Of the first test files. */
  readonly tests: readonly TestFileProcess[];
  readonly pytest: PytestProcess | undefined;
}

/** Runs everything selected; every planned test is judged when this returns. */
export async function runFiles(files: SuiteFiles, started: Started, state: RunState): Promise<void> {
  const live = new Set<SuiteProcess>();
  const onStop = (): void => {
    for (const process of live) process.stop();
  };
  state.stopping.addEventListener("abort", onStop);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next; i < files.tests.length; i = next) {
      next = i + 1;
      const file = files.tests[i] ?? "";
      const load = loadMessage(file, state.options);
      await runFile(testFile(load), started.tests[i] ?? new TestFileProcess(load), { files, live, state });
    }
  };
  const lanes = Array.from({ length: Math.min(state.options.jobs, files.tests.length) }, lane);
  const { pytest } = started;
  const python = pytest && runFile(pytestFiles(files.pytest, state.options), pytest, { files, live, state });
  await Promise.all([...lanes, python, runTables(files, state)]);
  state.stopping.removeEventListener("abort", onStop);
}

interface Files {
  readonly files: SuiteFiles;
  readonly live: Set<SuiteProcess>;
  readonly state: RunState;
}

function testFile(load: LoadFile): TestSource {
  return {
    id: load.id,
    oneByOne: false,
    startAgain: () => new TestFileProcess({ ...load, oneByOne: true }),
    hung: (ms) => `never gave control back: no await, no end within ${ms} ms (an endless loop?)`,
  };
}

/** One process for all of them: fixtures of a session are made once, as in pytest. */
function pytestFiles(files: readonly string[], options: RunState["options"]): TestSource {
  return {
    id: pytestId,
    oneByOne: true,
    startAgain: () => new PytestProcess(files, options, true),
    hung: (ms) => `did not end within ${ms} ms`,
  };
}

async function runFile(source: TestSource, first: SuiteProcess, { files, live, state }: Files): Promise<void> {
  const { options, ledger, asker } = state;
  const failed: { index: number; id: string; outcome: TestOutcome }[] = [];
  let waiting = 0;
  live.add(first);
  const fault = await runTestFile(source, first, {
    select: (tests) => {
      const byId = new Map(tests.map((test) => [test.id, test]));
      const planned = selectTests(
        tests.map((test) => plannedTest(test.file ?? source.id, test)),
        options.selection,
      );
      files.ids.push(...byId.keys());
      for (const test of planned) ledger.plan(test);
      return planned.flatMap((test) => byId.get(test.id) ?? []);
    },
    broken: (file, fault) => judgeBroken(file, fault, state),
    calls: (round) => asker.askRound(round.calls),
    judged: (test, outcome) => {
      if (outcome.verdict === "fail" || outcome.verdict === "error") {
        failed.push({ index: test.index, id: test.id, outcome });
        if (!ledger.isKnown(test.id, outcome)) waiting += 1;
      } else ledger.judge(test.id, { outcome });
      stopIfEnough(state, waiting);
    },
    warned: (warnings) => {
      for (const warning of warnings) options.emit({ type: "warning", ...warning });
    },
    log: (text) => options.emit({ type: "log", source: "suite", text }),
    loose: (failure) => judgeLoose(source.id, failure, state),
    stopped: () => state.stopping.aborted,
    opened: (running) => {
      live.add(running);
      if (state.stopping.aborted) running.stop();
    },
  });
  live.delete(first);
  if (fault) judgeBroken(source.id, fault, state);
  // In the order of the file: which test was told first is an affair of timing.
  await judgeFailed(
    failed.toSorted((a, b) => a.index - b.index),
    state,
  );
}

/** What fails outside of every test is judged as a test of its own: it must not vanish. */
function judgeLoose(file: string, { failure, fault, where }: LooseFailure, { ledger }: RunState): void {
  const base = `${file} > (${where})`;
  const id = ledger.freeId(base);
  ledger.plan({ type: "test-planned", id, file, name: `(${where})`, kind: "test", level: "required", tags: [] });
  const judged = fault
    ? ({ verdict: "error", reason: "fault", fault } as const)
    : ({ verdict: "fail", reason: "hook" } as const);
  ledger.judge(id, { outcome: { ...notRun(), ...judged, failures: [failure] } });
}

/** A file that cannot be read counts as one test that could not be judged. */
function judgeBroken(file: string, fault: Problem, { ledger, problems }: RunState): void {
  ledger.plan({ type: "test-planned", id: file, file, name: file, kind: "test", level: "required", tags: [] });
  ledger.judge(file, { outcome: { ...notRun(), verdict: "error", reason: "file", fault } });
  problems.push(fault);
}

async function judgeFailed(failed: readonly { id: string; outcome: TestOutcome }[], state: RunState): Promise<void> {
  const { asker, ledger, options, references } = state;
  const { operations } = options.contract;
  const explained = await explainFailures(
    failed.map(({ outcome }) => outcome),
    { operations, asker, references },
  );
  for (const [i, { id, outcome }] of failed.entries()) ledger.judge(id, explained[i] ?? { outcome });
}

function stopIfEnough({ ledger, options, stop }: RunState, waiting: number): void {
  const { fail, error } = ledger.counts;
  if (fail + error + waiting >= options.maxFailures)
    stop(`stopped after ${options.maxFailures === 1 ? "the first failure" : `${options.maxFailures} failures`}`);
}

async function runTables(files: SuiteFiles, state: RunState): Promise<void> {
  for (const file of files.cases) {
    const table = await readCaseTable(join(state.options.contract.root, file), state.options.contract, whyNot);
    const rows = new Map(table.rows.map((row) => [row.id, row]));
    for (const { code, hint, message } of table.warnings) state.options.emit({ type: "warning", code, message, hint });
    const planned = selectTests(
      [...rows].map(([id, row]) => plannedRow(file, id, row)),
      state.options.selection,
    );
    files.ids.push(...rows.keys());
    for (const test of planned) state.ledger.plan(test);
    await judgeTable(planned, rows, state);
    for (const [i, fault] of table.problems.entries()) judgeBroken(i === 0 ? file : `${file} #${i + 1}`, fault, state);
  }
}

async function judgeTable(
  planned: readonly TestPlanned[],
  rows: ReadonlyMap<string, CaseRow>,
  state: RunState,
): Promise<void> {
  const { asker, ledger, options, stopping } = state;
  const selected = planned.flatMap((test) => rows.get(test.id) ?? []);
  const outcomes = stopping.aborted
    ? selected.map(notRun)
    : await runCases(selected, options.contract, asker, options.noGather);
  const failed: { id: string; outcome: TestOutcome }[] = [];
  for (const [i, { id }] of planned.entries()) {
    const outcome = outcomes[i] ?? {
      ...notRun(),
      fault: problem("internal", { what: "a case row without an outcome" }),
    };
    if (outcome.verdict === "fail" || outcome.verdict === "error") failed.push({ id, outcome });
    else ledger.judge(id, { outcome });
  }
  await judgeFailed(failed, state);
  stopIfEnough(state, 0);
}

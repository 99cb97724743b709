/**
 * Everything a report needs, gathered from a run's events. Comes in: events, one by one. Goes out: tests in the order
 * they were planned with what became of them, counts, and whether every planned test was judged exactly once.
 * Memory is bounded by the number of tests and by `maxRecordText`; knows no file and no way to show anything.
 */
import type {
  Exchange,
  LogLine,
  RunEnded,
  RunEvent,
  RunStarted,
  TestJudged,
  TestPlanned,
  Verdict,
  Warning,
} from "./run-event.ts";

/** One test: its plan, its verdict, and what was asked and answered if it did not pass. */
export interface TestResult {
  readonly plan: TestPlanned;
  /** Undefined when the run ended before. */
  readonly judged: TestJudged | undefined;
  /** In the order of their `n`; of tests that passed only with `keepPassed`. */
  readonly exchanges: readonly Exchange[];
  readonly logs: readonly LogLine[];
}

/** How many tests came to which verdict. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

export interface RunResult {
  readonly started: RunStarted | undefined;
  readonly ended: RunEnded | undefined;
  /** In the order they were planned. */
  readonly tests: readonly TestResult[];
  readonly counts: VerdictCounts;
  readonly planned: number;
  /** Of `fail`: tests of level `recommended`. */
  readonly recommended: number;
  readonly nearTies: number;
  /** Planned and never judged. */
  readonly unjudged: number;
  /** The stream stopped before the run did. */
  readonly incomplete: boolean;
  /** planned = pass + fail + error + skip + known, each test judged once, and the run's own counts say the same. */
  readonly conserved: boolean;
  readonly warnings: readonly Warning[];
  readonly logs: readonly LogLine[];
  /** Exchanges that were left out because `maxRecordText` was reached. */
  readonly exchangesDropped: number;
}

export interface FoldOptions {
  /** Characters of record and log text to keep in all. */
  readonly maxRecordText?: number;
  /** Keep the exchanges of tests that passed too (`--log all`). */
  readonly keepPassed?: boolean;
}

export interface RunFold {
  add(event: RunEvent): void;
  /** What the events so far come to. */
  result(): RunResult;
}

/** 64 Mi characters: thousands of failures with records of some kilobytes. */
const defaultMaxText = 64 * 1024 * 1024;

interface OpenTest {
  plan: TestPlanned;
  judged: TestJudged | undefined;
  exchanges: Exchange[];
  logs: LogLine[];
}

/** What has been gathered so far. */
interface Gathered {
  readonly tests: Map<string, OpenTest>;
  readonly warnings: Warning[];
  readonly logs: LogLine[];
  readonly keepPassed: boolean;
  started: RunStarted | undefined;
  ended: RunEnded | undefined;
  textLeft: number;
  exchangesDropped: number;
  /** Events of tests that nobody planned, and plans and verdicts that came twice. */
  strays: number;
}

/** Gathers a run. */
export function foldRun(options: FoldOptions = {}): RunFold {
  const gathered: Gathered = {
    tests: new Map(),
    warnings: [],
    logs: [],
    keepPassed: options.keepPassed === true,
    started: undefined,
    ended: undefined,
    textLeft: options.maxRecordText ?? defaultMaxText,
    exchangesDropped: 0,
    strays: 0,
  };
  return { add: (event) => addEvent(gathered, event), result: () => resultOf(gathered) };
}

function addEvent(gathered: Gathered, event: RunEvent): void {
  switch (event.type) {
    case "run-started":
      gathered.started = event;
      return;
    case "test-planned":
      addPlan(gathered, event);
      return;
    case "exchange":
      addExchange(gathered, event);
      return;
    case "test-judged":
      addJudged(gathered, event);
      return;
    case "log":
      addLog(gathered, event);
      return;
    case "warning":
      gathered.warnings.push(event);
      return;
    case "progress":
      return;
    case "run-ended":
      gathered.ended = event;
  }
}

function resultOf(gathered: Gathered): RunResult {
  const { started, ended, strays, warnings, logs, exchangesDropped } = gathered;
  const tests = [...gathered.tests.values()].map(closeTest);
  const totals = totalsOf(tests);
  const agrees = ended === undefined || (totals.unjudged === 0 && sameCounts(ended, totals));
  const conserved = strays === 0 && agrees;
  return {
    started,
    ended,
    tests,
    ...totals,
    incomplete: ended === undefined,
    conserved,
    warnings,
    logs,
    exchangesDropped,
  };
}

function addPlan(gathered: Gathered, plan: TestPlanned): void {
  if (gathered.tests.has(plan.id)) gathered.strays += 1;
  else gathered.tests.set(plan.id, openTest(plan));
}

function addExchange(gathered: Gathered, event: Exchange): void {
  const test = testOf(gathered, event.id, "required");
  if (test.judged?.verdict === "pass" && !gathered.keepPassed) return;
  if (takeText(gathered, textOf(event))) test.exchanges.push(event);
  else gathered.exchangesDropped += 1;
}

/** What was asked of a test that passed is let go. */
function addJudged(gathered: Gathered, event: TestJudged): void {
  const test = testOf(gathered, event.id, event.level);
  if (test.judged !== undefined) gathered.strays += 1;
  test.judged = event;
  if (event.verdict !== "pass" || gathered.keepPassed) return;
  for (const exchange of test.exchanges) gathered.textLeft += textOf(exchange);
  test.exchanges = [];
}

function addLog(gathered: Gathered, event: LogLine): void {
  if (!takeText(gathered, event.text.length)) return;
  const test = event.id === undefined ? undefined : gathered.tests.get(event.id);
  (test?.logs ?? gathered.logs).push(event);
}

function testOf(gathered: Gathered, id: string, level: TestPlanned["level"]): OpenTest {
  const known = gathered.tests.get(id);
  if (known !== undefined) return known;
  gathered.strays += 1;
  const made = openTest(planOfStray(id, level));
  gathered.tests.set(id, made);
  return made;
}

function takeText(gathered: Gathered, length: number): boolean {
  if (length > gathered.textLeft) return false;
  gathered.textLeft -= length;
  return true;
}

function openTest(plan: TestPlanned): OpenTest {
  return { plan, judged: undefined, exchanges: [], logs: [] };
}

function closeTest(test: OpenTest): TestResult {
  return { ...test, exchanges: test.exchanges.toSorted((a, b) => a.n - b.n) };
}

/** A test that nobody planned is shown all the same; the run is then not conserved. */
function planOfStray(id: string, level: TestPlanned["level"]): TestPlanned {
  const parts = id.split(" > ");
  const [file = id] = parts;
  return { type: "test-planned", id, file, name: parts.at(-1) ?? id, kind: "test", level, tags: [] };
}

function textOf(event: Exchange): number {
  const texts = [event.input, event.answer, event.reference, event.alone];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

function totalsOf(tests: readonly TestResult[]) {
  const counts = { pass: 0, fail: 0, error: 0, skip: 0, known: 0 };
  let recommended = 0;
  let nearTies = 0;
  let unjudged = 0;
  for (const { judged } of tests) {
    if (judged === undefined) {
      unjudged += 1;
      continue;
    }
    counts[judged.verdict] += 1;
    nearTies += judged.nearTies ?? 0;
    if (judged.verdict === "fail" && judged.level === "recommended") recommended += 1;
  }
  return { counts, planned: tests.length, recommended, nearTies, unjudged };
}

function sameCounts(ended: RunEnded, totals: ReturnType<typeof totalsOf>): boolean {
  const { counts } = totals;
  return (
    ended.planned === totals.planned &&
    ended.pass === counts.pass &&
    ended.fail === counts.fail &&
    ended.error === counts.error &&
    ended.skip === counts.skip &&
    ended.known === counts.known
  );
}

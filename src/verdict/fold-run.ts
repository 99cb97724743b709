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

/** Gathers a run. */
export function foldRun(options: FoldOptions = {}): RunFold {
  const tests = new Map<string, OpenTest>();
  const warnings: Warning[] = [];
  const logs: LogLine[] = [];
  let started: RunStarted | undefined;
  let ended: RunEnded | undefined;
  let textLeft = options.maxRecordText ?? defaultMaxText;
  let exchangesDropped = 0;
  let strays = 0;

  const testOf = (id: string, level: TestPlanned["level"]): OpenTest => {
    const known = tests.get(id);
    if (known !== undefined) return known;
    strays += 1;
    const made = openTest(planOfStray(id, level));
    tests.set(id, made);
    return made;
  };
  const takeText = (length: number): boolean => {
    if (length > textLeft) return false;
    textLeft -= length;
    return true;
  };
  const addPlan = (plan: TestPlanned): void => {
    const known = tests.get(plan.id);
    if (known === undefined) tests.set(plan.id, openTest(plan));
    else strays += 1;
  };
  const addExchange = (event: Exchange): void => {
    const test = testOf(event.id, "required");
    if (test.judged?.verdict === "pass" && options.keepPassed !== true) return;
    if (takeText(textOf(event))) test.exchanges.push(event);
    else exchangesDropped += 1;
  };
  const addJudged = (event: TestJudged): void => {
    const test = testOf(event.id, event.level);
    if (test.judged !== undefined) strays += 1;
    test.judged = event;
    if (event.verdict !== "pass" || options.keepPassed === true) return;
    for (const exchange of test.exchanges) textLeft += textOf(exchange);
    test.exchanges = [];
  };
  const addLog = (event: LogLine): void => {
    if (!takeText(event.text.length)) return;
    const test = event.id === undefined ? undefined : tests.get(event.id);
    (test?.logs ?? logs).push(event);
  };

  const add = (event: RunEvent): void => {
    switch (event.type) {
      case "run-started":
        started = event;
        return;
      case "test-planned":
        addPlan(event);
        return;
      case "exchange":
        addExchange(event);
        return;
      case "test-judged":
        addJudged(event);
        return;
      case "log":
        addLog(event);
        return;
      case "warning":
        warnings.push(event);
        return;
      case "progress":
        return;
      case "run-ended":
        ended = event;
    }
  };

  return {
    add,
    result: () => {
      const all = [...tests.values()].map(closeTest);
      const totals = totalsOf(all);
      const agrees = ended === undefined || sameCounts(ended, totals);
      const conserved = strays === 0 && (ended === undefined || totals.unjudged === 0) && agrees;
      return {
        started,
        ended,
        tests: all,
        ...totals,
        incomplete: ended === undefined,
        conserved,
        warnings,
        logs,
        exchangesDropped,
      };
    },
  };
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

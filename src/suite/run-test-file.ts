/**
 * One test file from start to end. Whatever it does, every selected test is judged exactly once: when its process hangs
 * or dies, what is left runs again test by test in a new one, so that the culprit is known and loses only itself.
 */
import { problem, type Problem } from "../kernel/errors.ts";
import type { CallRound, Collected, CollectedTest, LooseFailure, RoundAnswered, TestOutcome } from "./messages.ts";
import { notRun } from "./child/run-tree.ts";
import type { RunEnd, SuiteProcess } from "./test-file-process.ts";

/** What holds the tests: one file, or all that share a process. */
export interface TestSource {
  /** What reports call it. */
  readonly id: string;
  /** It always runs test by test, and says which one is running. */
  readonly oneByOne: boolean;
  /** Another process of it, that runs test by test. */
  readonly startAgain: () => SuiteProcess;
  /** What is said of a test that keeps its process from answering. */
  readonly hung: (timeoutMs: number) => string;
}

export interface FileHandlers {
  /** Which of the collected tests run. */
  readonly select: (tests: readonly CollectedTest[]) => readonly CollectedTest[];
  readonly calls: (round: CallRound) => Promise<RoundAnswered["answers"]>;
  readonly judged: (test: CollectedTest, outcome: TestOutcome) => void;
  /** Of several files, one that could not be loaded. */
  readonly broken: (file: string, problem: Problem) => void;
  readonly warned: (warnings: Collected["warnings"]) => void;
  readonly log: (text: string) => void;
  /** A failure that belongs to no test. */
  readonly loose: (failure: LooseFailure) => void;
  readonly stopped: () => boolean;
  readonly opened: (running: SuiteProcess) => void;
}

/** Restarts before the rest of a file is given up. */
const maxRestarts = 3;
/** The same where every restart costs one test, whichever file it is of. */
const maxCulprits = 20;
const silenceMarginMs = 2_000;

/** Returns the problem that kept the file from being loaded, if one did. */
export async function runTestFile(
  source: TestSource,
  first: SuiteProcess,
  handlers: FileHandlers,
): Promise<Problem | undefined> {
  const collected = await first.collected;
  handlers.warned(collected.warnings);
  if (first.printed !== "") handlers.log(first.printed);
  if (collected.problem) {
    first.kill();
    return collected.problem;
  }
  for (const { file, problem: fault } of collected.broken ?? []) handlers.broken(file, fault);
  const selected = handlers.select(collected.tests);
  const waiting = new Map<number, CollectedTest>();
  for (const test of selected) {
    if (test.mode === "run") waiting.set(test.index, test);
    else handlers.judged(test, skippedOutcome(test));
  }
  await runWaiting(waiting, source, first, handlers);
  for (const test of waiting.values()) handlers.judged(test, notRun());
  return undefined;
}

function skippedOutcome(test: CollectedTest): TestOutcome {
  const reason = test.mode === "todo" ? "todo" : "skipped";
  return { ...notRun(), reason, ...(test.note === undefined ? {} : { note: test.note }) };
}

async function runWaiting(
  waiting: Map<number, CollectedTest>,
  source: TestSource,
  first: SuiteProcess,
  handlers: FileHandlers,
): Promise<void> {
  let running = first;
  for (let restarts = 0; ; restarts += 1) {
    const oneByOne = source.oneByOne || restarts > 0;
    let current: number | undefined = waiting.size === 1 ? waiting.keys().next().value : undefined;
    const judge = (index: number, outcome: TestOutcome): void => {
      const test = waiting.get(index);
      waiting.delete(index);
      if (test) handlers.judged(test, outcome);
    };
    if (waiting.size === 0) return running.kill();
    handlers.opened(running);
    const longest = Math.max(...[...waiting.values()].map((test) => test.timeoutMs));
    const end = await running.run([...waiting.keys()], {
      calls: handlers.calls,
      started: (index) => {
        current = index;
      },
      judged: ({ index, outcome }) => judge(index, outcome),
      log: handlers.log,
      loose: handlers.loose,
      silenceMs: longest + silenceMarginMs,
    });
    running.kill();
    if (end.kind === "finished" || waiting.size === 0 || handlers.stopped()) return;
    const culprit = current === undefined ? undefined : waiting.get(current);
    if (culprit && (oneByOne || waiting.size === 1)) judge(culprit.index, culpritOutcome(culprit, end, source));
    if (waiting.size === 0) return;
    if (restarts === (source.oneByOne ? maxCulprits : maxRestarts)) {
      const how = end.kind === "died" ? end.how : "it no longer answered";
      const { hint, message } = problem("suite-died", { file: source.id, how });
      return handlers.loose({
        type: "loose",
        where: "its process ended again and again",
        failure: { message: `${message} ${hint}` },
      });
    }
    running = source.startAgain();
    const again = await running.collected;
    if (again.problem) return running.kill();
  }
}

function culpritOutcome(test: CollectedTest, end: RunEnd, source: TestSource): TestOutcome {
  if (end.kind === "died") {
    const fault = problem("suite-died", { file: test.file ?? source.id, how: end.how });
    return { ...notRun(), verdict: "fail", reason: "file", failures: [{ message: `${fault.message} ${fault.hint}` }] };
  }
  return { ...notRun(), verdict: "fail", reason: "timeout", failures: [{ message: source.hung(test.timeoutMs) }] };
}

/**
 * One test file from start to end. Whatever it does, every selected test is judged exactly once: when its process hangs
 * or dies, what is left runs again test by test in a new one, so that the culprit is known and loses only itself.
 */
import { problem, type Problem } from "../kernel/errors.ts";
import type { CallRound, Collected, CollectedTest, LoadFile, RoundAnswered, TestOutcome } from "./messages.ts";
import { notRun } from "./run-tree.ts";
import { type RunEnd, TestFileProcess } from "./test-file-process.ts";

export interface FileHandlers {
  /** Which of the collected tests run. */
  readonly select: (tests: readonly CollectedTest[]) => readonly CollectedTest[];
  readonly calls: (round: CallRound) => Promise<RoundAnswered["answers"]>;
  readonly judged: (test: CollectedTest, outcome: TestOutcome) => void;
  readonly warned: (warnings: Collected["warnings"]) => void;
  readonly log: (text: string) => void;
  readonly stopped: () => boolean;
  readonly opened: (running: TestFileProcess) => void;
}

/** Restarts before the rest of a file is given up. */
const maxRestarts = 3;
const silenceMarginMs = 2_000;

/** Returns the problem that kept the file from being loaded, if one did. */
export async function runTestFile(
  load: LoadFile,
  first: TestFileProcess,
  handlers: FileHandlers,
): Promise<Problem | undefined> {
  const collected = await first.collected;
  handlers.warned(collected.warnings);
  if (first.printed !== "") handlers.log(first.printed);
  if (collected.problem) {
    first.kill();
    return collected.problem;
  }
  const selected = handlers.select(collected.tests);
  const waiting = new Map<number, CollectedTest>();
  for (const test of selected) {
    if (test.mode === "run") waiting.set(test.index, test);
    else handlers.judged(test, skippedOutcome(test));
  }
  await runWaiting(waiting, load, first, handlers);
  for (const test of waiting.values()) handlers.judged(test, notRun());
  return undefined;
}

function skippedOutcome(test: CollectedTest): TestOutcome {
  const reason = test.mode === "todo" ? "todo" : "skipped";
  return { ...notRun(), reason, ...(test.note === undefined ? {} : { note: test.note }) };
}

async function runWaiting(
  waiting: Map<number, CollectedTest>,
  load: LoadFile,
  first: TestFileProcess,
  handlers: FileHandlers,
): Promise<void> {
  let running = first;
  for (let restarts = 0; ; restarts += 1) {
    const oneByOne = restarts > 0;
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
      silenceMs: longest + silenceMarginMs,
    });
    running.kill();
    if (end.kind === "finished" || waiting.size === 0 || handlers.stopped()) return;
    const culprit = current === undefined ? undefined : waiting.get(current);
    if (culprit && (oneByOne || waiting.size === 1)) judge(culprit.index, culpritOutcome(culprit, end, load.id));
    if (waiting.size === 0 || restarts === maxRestarts) return;
    running = new TestFileProcess({ ...load, oneByOne: true });
    const again = await running.collected;
    if (again.problem) return running.kill();
  }
}

function culpritOutcome(test: CollectedTest, end: RunEnd, file: string): TestOutcome {
  if (end.kind === "died") {
    const fault = problem("suite-died", { file, how: end.how });
    return { ...notRun(), verdict: "fail", reason: "file", failures: [{ message: `${fault.message} ${fault.hint}` }] };
  }
  const message = `never gave control back: no await, no end within ${test.timeoutMs} ms (an endless loop?)`;
  return { ...notRun(), verdict: "fail", reason: "timeout", failures: [{ message }] };
}

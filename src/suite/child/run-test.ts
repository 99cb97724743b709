/**
 * One test, from its first hook to its outcome. A failing test whose records travelled with others is asked once more
 * with its records alone: when that changes the verdict, the batch decided and not the model.
 */
import { problem } from "../../kernel/errors.ts";
import { compareRecord } from "../../compare/compare-record.ts";
import { readJson } from "../../kernel/read-json.ts";
import { seededRandom } from "../../kernel/random.ts";
import type { ChildSession } from "./child-session.ts";
import { answerKey, asTest, newRun, type RunningTest } from "./current-test.ts";
import { faultVerdict } from "../fault-verdict.ts";
import { EndpointFault } from "./operation.ts";
import type { CallAnswer, TestOutcome } from "../messages.ts";
import { describeFailure, isTallyMismatch } from "./test-failure.ts";
import { type DescribeNode, lineage, type TestFunction, type TestNode } from "./test-tree.ts";

export interface TestSettings {
  readonly session: ChildSession;
  readonly root: string;
  readonly id: string;
  readonly seed: number;
  readonly timeoutMs: number;
  readonly repeat: number;
  readonly logAll: boolean;
}

/** At most this many records of a failing test are asked alone. */
const maxAlone = 64;

/** Runs a test as often as asked; the first run that does not pass is its outcome. */
export async function runTest(node: TestNode, settings: TestSettings): Promise<TestOutcome> {
  let outcome = await runChecked(node, settings, 0);
  for (let i = 1; i < settings.repeat && outcome.verdict === "pass"; i += 1) {
    outcome = await runChecked(node, settings, i);
    if (outcome.verdict !== "pass")
      outcome = { ...outcome, note: `passed ${i} times before, of ${settings.repeat} asked` };
  }
  return outcome;
}

async function runChecked(node: TestNode, settings: TestSettings, repetition: number): Promise<TestOutcome> {
  const outcome = await runOnce(node, settings, repetition);
  const judgedTogether = outcome.exchanges.some((exchange) => exchange.batch > 1);
  const byValue = outcome.reason === "mismatch" || outcome.reason === "assertion";
  if (!byValue || !judgedTogether || settings.session.noGather) return outcome;
  const alone = await askAlone(outcome, settings);
  const exchanges = outcome.exchanges.map((exchange) => withAlone(exchange, alone, settings));
  if (!exchanges.some((exchange) => exchange.alone !== undefined)) return outcome;
  const again = await runOnce(node, settings, repetition, alone);
  return again.verdict === "pass"
    ? { ...outcome, exchanges, reason: "batch-dependent", note: "passes when its records are asked alone" }
    : { ...outcome, exchanges };
}

async function askAlone(outcome: TestOutcome, { session, id }: TestSettings): Promise<Map<string, CallAnswer>> {
  const wanted = new Map<string, Set<string>>();
  let count = 0;
  for (const { operation, input } of outcome.exchanges) {
    const records = wanted.get(operation) ?? new Set();
    wanted.set(operation, records);
    if (records.has(input) || count >= maxAlone) continue;
    records.add(input);
    count += 1;
  }
  const running = newRun({ order: 0, name: "", id }, Math.random);
  const alone = new Map<string, CallAnswer>();
  await Promise.all(
    wanted.entries().map(async ([operation, set]) => {
      const records = [...set];
      const answers = await session.gatherer.call(running, { operation, records, apart: true, single: true });
      for (const [i, record] of records.entries()) {
        const answer = answers[i];
        if (answer) alone.set(answerKey(operation, record), answer);
      }
    }),
  );
  return alone;
}

type OneExchange = TestOutcome["exchanges"][number];

/** Notes the answer to the record alone where it differs beyond the contract's tolerance. */
function withAlone(
  exchange: OneExchange,
  alone: ReadonlyMap<string, CallAnswer>,
  { session }: TestSettings,
): OneExchange {
  const answer = alone.get(answerKey(exchange.operation, exchange.input));
  if (answer?.kind !== "answered" || exchange.answer === undefined) return exchange;
  const fields = session.operations?.[exchange.operation]?.output;
  const { mismatches } = compareRecord(fields, readJson(answer.text), readJson(exchange.answer), {
    context: "reference",
  });
  // A value that is wrong in both in the same way does not depend on the batch.
  const depends = mismatches.some((mismatch) => mismatch.reference !== mismatch.candidate);
  return depends ? { ...exchange, alone: answer.text } : exchange;
}

async function runOnce(
  node: TestNode,
  settings: TestSettings,
  repetition: number,
  alone?: ReadonlyMap<string, CallAnswer>,
): Promise<TestOutcome> {
  const random = seededRandom(settings.seed, settings.id, String(repetition));
  const running = newRun({ order: node.index, name: node.name, id: settings.id }, random, alone);
  running.exchanges.keepsAll = settings.logAll;
  const { gatherer } = settings.session;
  const started = performance.now();
  const errors: unknown[] = [];
  gatherer.enter(running);
  const timedOut = await withDeadline(settings.timeoutMs, () =>
    asTest(running, () => runWithHooks(node, running, errors)),
  );
  // Rejections that nobody handled are known one turn later.
  if (!timedOut) await new Promise((resolve) => setImmediate(resolve));
  gatherer.leave(running);
  running.finished = true;
  errors.push(...running.strays, ...openCalls(running, timedOut, settings));
  const judged = await judge(running, errors, timedOut, settings);
  const kept = judged.verdict !== "pass" || settings.logAll;
  return {
    ...judged,
    nearTies: running.nearTies,
    ...(running.normalized.length > 0 ? { normalized: running.normalized } : {}),
    ...(running.output && kept ? { output: running.output } : {}),
    exchanges: kept ? running.exchanges.list : [],
    ms: performance.now() - started,
  };
}

/** A test that is over while a call is open: its author forgot an await, or the endpoint has not answered in time. */
function openCalls(running: RunningTest, timedOut: boolean, { timeoutMs }: TestSettings): unknown[] {
  if (timedOut && running.waiting > 0) return [new EndpointFault(problem("test-unanswered", { ms: timeoutMs }))];
  if (timedOut) return [{ name: "Error", message: `not settled after ${timeoutMs} ms`, stack: "" }];
  if (running.waiting === 0) return [];
  const open = running.waiting === 1 ? "a call was" : `${running.waiting} calls were`;
  return [{ name: "Error", message: `the test was over while ${open} still open: await the operation`, stack: "" }];
}

/** True when the time ran out first; the promise is then left to itself. */
async function withDeadline(ms: number, run: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), ms);
  });
  const finished = run().then(() => false);
  const timedOut = await Promise.race([finished, deadline]);
  clearTimeout(timer);
  return timedOut;
}

/** A hook that fails before the test keeps the test from running; hooks after it always run. */
async function runWithHooks(node: TestNode, running: RunningTest, errors: unknown[]): Promise<void> {
  const groups: DescribeNode[] = [];
  for (let group: DescribeNode | undefined = node.parent; group; group = group.parent) groups.unshift(group);
  const before = await runAll(groups.flatMap((group) => group.hooks.beforeEach));
  if (before.length > 0) errors.push(...before.map(asHookError));
  else errors.push(...(await runAll([node.run ?? (() => {})])), ...(await settleAssertions(running)));
  const after = await runAll(groups.toReversed().flatMap((group) => group.hooks.afterEach));
  errors.push(...after.map(asHookError));
}

/** Runs functions in turn up to the first that throws. */
async function runAll(functions: readonly TestFunction[]): Promise<unknown[]> {
  for (const run of functions) {
    try {
      await run();
    } catch (error) {
      return [error];
    }
  }
  return [];
}

const hookErrors = new WeakSet<object>();

function asHookError(error: unknown): unknown {
  if (typeof error === "object" && error !== null) hookErrors.add(error);
  return error;
}

/** What assertions still owe at the end: promises nobody awaited, soft failures, `expect.assertions(n)`. */
async function settleAssertions(running: RunningTest): Promise<unknown[]> {
  const { task } = running;
  const settled = await Promise.allSettled(task.promises);
  const errors: unknown[] = settled.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  errors.push(...(await runAll(task.onFinished)), ...(task.result?.errors ?? []));
  const { assertions, expectedAssertions } = running;
  if (expectedAssertions !== undefined && expectedAssertions !== assertions) {
    errors.push({ name: "Error", message: `expected ${expectedAssertions} assertions, but ${assertions} were made` });
  }
  if (running.wantsAssertions && assertions === 0)
    errors.push({ name: "Error", message: "expected at least one assertion, but none was made" });
  return errors;
}

type Judgement = Pick<TestOutcome, "verdict" | "reason" | "mismatches" | "failures" | "fault">;

async function judge(
  running: RunningTest,
  errors: readonly unknown[],
  timedOut: boolean,
  { root }: TestSettings,
): Promise<Judgement> {
  const { exchanges, mismatches } = running;
  const faults = exchanges.list.flatMap((exchange) => (exchange.fault ? [exchange.fault] : []));
  const thrown = errors.find((error) => error instanceof EndpointFault);
  // A call that another test made first leaves no exchange here, but its fault all the same.
  const told = [...faults, ...(thrown ? [thrown.problem] : [])];
  const fault = told.find((one) => one.code !== "operation-not-implemented") ?? told[0];
  if (fault) return { ...faultVerdict(fault), fault, mismatches, failures: [] };
  if (errors.length === 0) return { verdict: "pass", mismatches: [], failures: [] };
  const own = errors.filter((error) => !(error instanceof EndpointFault));
  const failures = await Promise.all(own.map((error) => describeFailure(error, root)));
  const byHook = own.some((error) => typeof error === "object" && error !== null && hookErrors.has(error));
  const reason = timedOut ? "timeout" : byHook ? "hook" : own.every(isTallyMismatch) ? "mismatch" : "assertion";
  return { verdict: "fail", reason, mismatches, failures };
}

/** The names in front of a test's own: `describe > describe > name`. */
export function fullName(node: TestNode): string {
  return lineage(node)
    .map((one) => one.name)
    .join(" > ");
}

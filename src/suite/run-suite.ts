/**
 * A suite against an endpoint. Comes in: a contract, an endpoint, a selection. Goes out: run-events, from `run-started`
 * to `run-ended`, whatever happens in between. It knows no report and no command line.
 */
import { type ExitCode, isTallyError, problem, type Problem, TallyError } from "../kernel/errors.ts";
import type { Description } from "../endpoint/endpoint.ts";
import { whyUnreachable } from "../endpoint/why-unreachable.ts";
import { exitOfRun } from "../verdict/exit-code.ts";
import { gatherCheckFile, gatherCheckId } from "../verdict/gather-check-id.ts";
import { AnswerWatch } from "./reference/answer-watch.ts";
import { Asker } from "./asker.ts";
import type { GatherCheck } from "./gather-check.ts";
import { Ledger } from "./ledger.ts";
import { judgeBaseline } from "./judge-baseline.ts";
import { loadMessage } from "./load-message.ts";
import { recordUpstream, saveAnswers } from "./reference/record-answers.ts";
import { redactSensitive, type Redaction } from "./redact/redact-sensitive.ts";
import { RunControl } from "./run-control.ts";
import { notCarried } from "./pytest/pytest-carried.ts";
import { PytestProcess } from "./pytest/pytest-process.ts";
import { runFiles, type Started } from "./run-files.ts";
import { isComputed, whyNothing } from "./selection.ts";
import { suiteFiles, withoutMatch } from "./suite-files.ts";
import { outlineOf, startedEvent } from "./suite-outline.ts";
import type { RunEvent } from "../verdict/run-event.ts";
import type { RunState, SuiteFiles, SuiteOptions, SuiteResult } from "./suite-run.ts";
import { TestFileProcess } from "./test-file-process.ts";

/** Runs a suite. Throws a TallyError only before `run-started`. */
export async function runSuite(asked: SuiteOptions): Promise<SuiteResult> {
  const redaction = redactionOf(asked);
  const options = { ...asked, emit: redaction.emit };
  asked.onRedacted?.(redaction.emit);
  const files = suiteFiles(options.contract, options.selection);
  const watch = new AnswerWatch(options);
  const started: Started = {
    tests: files.tests.slice(0, options.jobs).map((file) => new TestFileProcess(loadMessage(file, options))),
    pytest: files.pytest.length > 0 ? new PytestProcess(files.pytest, options) : undefined,
  };
  const began = performance.now();
  const control = new RunControl(options.signal, options.maxTimeMs);
  const state = openState(options, control, { watch, redaction });
  const begin = (described: Description | undefined): void => {
    const outline = outlineOf(options, described);
    watch.modelVersion ??= outline.version;
    options.emit(startedEvent(options, outline, described));
  };
  let begun = false;
  let failure: Problem | undefined;
  try {
    const isNeeded = whyNothing(options.selection) === undefined;
    const opened = isNeeded ? await openUnlessStopped(options, control.signal) : { described: undefined };
    state.asker.limitBatch(opened?.described?.maxBatch);
    begin(opened?.described);
    begun = true;
    if (opened) failure = await runOpened(files, started, { control, state, watch });
  } catch (error) {
    if (!isTallyError(error)) throw error;
    failure = error.problem;
    if (!begun) begin(undefined);
  } finally {
    for (const process of started.tests) process.kill();
    started.pytest?.kill();
    control.close();
  }
  failure ??= await options.fault?.();
  const exit = concludeRun({ control, state, watch }, failure, performance.now() - began);
  return { exit };
}

interface Running {
  readonly control: RunControl;
  readonly state: RunState;
  readonly watch: AnswerWatch;
}

function redactionOf({ contract, emit, showSensitive }: SuiteOptions): Redaction {
  if (showSensitive) return { emit, asking: () => undefined, answered: () => undefined };
  return redactSensitive(emit, contract, process.env["TALLY_SENSITIVE_KEY"]);
}

function openState(
  options: SuiteOptions,
  control: RunControl,
  { redaction, watch }: { readonly redaction: Redaction; readonly watch: AnswerWatch },
): RunState {
  const asker = new Asker(options.endpoint, {
    batch: options.batch,
    timeoutMs: options.callTimeoutMs,
    signal: control.signal,
    asking: redaction.asking,
    answered: (operation, input, answer, batch) => {
      redaction.answered(operation, answer);
      watch.answered(operation, input, answer, batch);
    },
    notImplemented: (operation) => watch.board?.addMissing(operation),
  });
  const accepted = options.baseline && { book: options.baseline.book, strict: options.strict };
  const ledger = new Ledger(options.emit, options.logAll, accepted);
  const stop = (why: string, exit?: ExitCode): void => control.stop(why, exit);
  return { options, ledger, asker, references: watch.references, stopping: control.signal, problems: [], stop };
}

/** Everything between `run-started` and the end; gives what makes the run as a whole fail. */
async function runOpened(
  files: SuiteFiles,
  started: Started,
  { control, state, watch }: Running,
): Promise<Problem | undefined> {
  const { contract, selection } = state.options;
  await runFiles(files, started, state);
  const { recorded } = watch;
  if (recorded && control.stopped === undefined) await recordUpstream(recorded, state);
  await judgeGathering(watch.check, state);
  const whole = control.stopped === undefined && !state.asker.gaveUp;
  if (state.options.baseline) judgeBaseline(state.options.baseline.book, state, whole);
  for (const warning of notCarried(files.leftOut)) state.options.emit(warning);
  if (recorded && whole) saveAnswers(recorded, watch.policy, { root: contract.root, selection });
  return unmatched(state, files.ids) ?? allSkipped(state.ledger);
}

/** Tells the warnings and the end of the run. */
function concludeRun({ control, state, watch }: Running, failure: Problem | undefined, ms: number): ExitCode {
  const { asker, ledger, options, problems } = state;
  for (const note of asker.notes.list()) options.emit({ type: "warning", ...note });
  for (const warning of watch.warnings()) options.emit(warning);
  ledger.tellNormalized();
  const { retries } = options.endpoint;
  if (retries > 0) options.emit(retriedWarning(retries));
  const stopped = control.stopped ?? (asker.gaveUp ? "the endpoint no longer answers" : undefined);
  const exit = exitOfRun({
    ...ledger.counts,
    strict: options.strict,
    computed: isComputed(options.selection) && failure === undefined,
    faults: ledger.faults,
    others: [...control.exits, ...problems.map((one) => one.exit), ...(failure ? [failure.exit] : [])],
  });
  const { notRun: _, ...told } = ledger.counts;
  const timings = asker.timings.list();
  options.emit({
    type: "run-ended",
    ...told,
    calls: asker.calls,
    records: asker.records,
    retries,
    board: watch.board?.fields() ?? [],
    ...(timings.length > 0 ? { timings } : {}),
    ...watch.board?.measures(),
    ...(stopped === undefined ? {} : { stopped }),
    ...(failure ? { problem: failure } : {}),
    exit,
    ms,
  });
  return exit;
}

/** An endpoint that drops calls now and then is not to go unseen because the run is green. */
function retriedWarning(retries: number): RunEvent {
  const calls = retries === 1 ? "1 call was" : `${retries} calls were`;
  const message = `${calls} sent again because nothing had been answered`;
  return { type: "warning", code: "retried", message, count: retries };
}

/** Starts the endpoint and asks what it is; undefined when the run was stopped before it had answered. */
async function openUnlessStopped(
  { endpoint, role }: SuiteOptions,
  stopping: AbortSignal,
): Promise<{ readonly described: Description | undefined } | undefined> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
  const onStop = (): void => stop(undefined);
  stopping.addEventListener("abort", onStop);
  if (stopping.aborted) return undefined;
  const open = async (): Promise<{ readonly described: Description | undefined }> => {
    await endpoint.start();
    // One clear error instead of one for every test.
    const fault = role === "candidate" ? await whyUnreachable(endpoint) : undefined;
    if (fault) throw new TallyError(fault);
    return { described: await endpoint.describe() };
  };
  const opened = await Promise.race([open(), stopped]);
  stopping.removeEventListener("abort", onStop);
  return opened;
}

/** A difference between alone and in a batch fails the run as a test of its own. */
/** A run that was stopped asks nothing more, and judges nothing by calls that it cancelled itself. */
async function judgeGathering(check: GatherCheck, state: RunState): Promise<void> {
  const { options, ledger, asker, stopping } = state;
  if (stopping.aborted) return;
  for (const [operation, outcome] of await check.run(asker, options.contract.operations)) {
    const id = gatherCheckId(operation);
    ledger.plan({
      type: "test-planned",
      id,
      file: gatherCheckFile,
      name: operation,
      kind: "test",
      level: "required",
      tags: [],
    });
    ledger.judge(id, { outcome });
  }
}

function unmatched({ options, ledger, problems }: RunState, ids: readonly string[]): Problem | undefined {
  return ledger.counts.planned > 0 || problems.length > 0 ? undefined : withoutMatch(options.selection, ids);
}

function allSkipped({ counts }: Ledger): Problem | undefined {
  const { notRun, planned, skip } = counts;
  if (planned === 0 || skip < planned || notRun > 0) return undefined;
  return problem("suite-all-skipped", { skipped: skip });
}

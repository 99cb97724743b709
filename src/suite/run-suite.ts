/**
 * A suite against an endpoint. Comes in: a contract, an endpoint, a selection. Goes out: run-events, from `run-started`
 * to `run-ended`, whatever happens in between. It knows no report and no command line.
 */
import { type ExitCode, isTallyError, problem, type Problem, tallyError } from "../kernel/errors.ts";
import { nearest } from "../kernel/nearest.ts";
import type { Contract } from "../contract/contract.ts";
import type { Description } from "../endpoint/endpoint.ts";
import { exitOfRun } from "../verdict/exit-code.ts";
import type { EndpointOutline, OperationOutline, RunEvent } from "../verdict/run-event.ts";
import { Asker } from "./asker.ts";
import { ExtraFields } from "./extra-fields.ts";
import { findFiles } from "./find-files.ts";
import { GatherCheck } from "./gather-check.ts";
import { Ledger } from "./ledger.ts";
import { ProgressBoard } from "./progress-board.ts";
import { answersFile, loadAnswers, ReferenceAnswers } from "./reference-answers.ts";
import { recordUpstream, saveAnswers } from "./record-answers.ts";
import { redactSensitive } from "./redact-sensitive.ts";
import { runFiles } from "./run-files.ts";
import { describeSelection, isComputed, type Selection, selectsFile } from "./selection.ts";
import type { RunState, SuiteFiles, SuiteOptions, SuiteResult } from "./suite-run.ts";
import { suiteDigest } from "./suite-digest.ts";
import { TestFileProcess } from "./test-file-process.ts";
import { loadMessage } from "./load-message.ts";

/** Runs a suite. Throws a TallyError only before `run-started`. */
export async function runSuite(asked: SuiteOptions): Promise<SuiteResult> {
  const emit = asked.showSensitive
    ? asked.emit
    : redactSensitive(asked.emit, asked.contract, process.env["TALLY_SENSITIVE_KEY"]);
  const options = { ...asked, emit };
  const { contract, endpoint, role, selection } = options;
  const files = suiteFiles(contract, selection);
  const stored = answersFile(contract.root);
  const references = role === "candidate" ? loadAnswers(stored) : undefined;
  const prefetched = files.tests.slice(0, options.jobs).map((file) => new TestFileProcess(loadMessage(file, options)));
  const started = performance.now();
  const stopping = new AbortController();
  const exits: ExitCode[] = [];
  let stopped: string | undefined;
  const stop = (why: string, exit?: ExitCode): void => {
    stopped ??= why;
    if (exit !== undefined) exits.push(exit);
    stopping.abort();
  };
  const onSignal = (): void => stop("interrupted", signalExit(options.signal));
  options.signal.addEventListener("abort", onSignal, { once: true });
  if (options.signal.aborted) onSignal();
  const deadline = setTimeout(() => stop(`--max-time of ${options.maxTimeMs} ms reached`, 6), options.maxTimeMs);

  const recorded = role === "reference" ? new ReferenceAnswers() : undefined;
  const board = references && contract.operations ? new ProgressBoard(contract.operations, references) : undefined;
  const check = new GatherCheck(options.noGather ? 0 : options.gatherCheck, options.seed);
  const extras = new ExtraFields(contract.operations);
  const ledger = new Ledger(emit, options.logAll);
  let modelVersion: string | undefined = contract.model.version;
  const asker = new Asker(endpoint, {
    batch: options.batch,
    timeoutMs: options.callTimeoutMs,
    signal: stopping.signal,
    answered: (operation, input, answer, batch) => {
      extras.add(operation, answer);
      recorded?.record(operation, input, answer, modelVersion);
      board?.add(operation, input, answer);
      check.add(operation, input, answer, batch);
    },
    notImplemented: (operation) => board?.addMissing(operation),
  });
  const state: RunState = { options, ledger, asker, references, stopping: stopping.signal, problems: [], stop };
  let failure: Problem | undefined;
  try {
    const opened = await openUnlessStopped(endpoint, stopping.signal);
    if (opened) {
      asker.limitBatch(opened.described?.maxBatch);
      const outline = outlineOf(options, opened.described);
      modelVersion ??= outline.version;
      emit(startedEvent(options, outline, files.all));
      await runFiles(files, prefetched, state);
      if (recorded && stopped === undefined) await recordUpstream(recorded, state);
      await judgeGathering(check, state);
      if (recorded && stopped === undefined && !asker.gaveUp)
        warnDropped(saveAnswers(recorded, stored, selection), emit);
      failure = unmatched(state, files.ids) ?? allSkipped(ledger);
    }
  } catch (error) {
    if (!isTallyError(error)) throw error;
    failure = error.problem;
  } finally {
    for (const process of prefetched) process.kill();
    clearTimeout(deadline);
    options.signal.removeEventListener("abort", onSignal);
  }
  for (const note of asker.notes.list()) emit({ type: "warning", ...note });
  for (const warning of extras.warnings()) emit(warning);
  ledger.tellNormalized();
  const { counts } = ledger;
  const exit = exitOfRun({
    ...counts,
    strict: options.strict,
    computed: isComputed(selection) && failure === undefined,
    faults: ledger.faults,
    others: [...exits, ...state.problems.map((one) => one.exit), ...(failure ? [failure.exit] : [])],
  });
  const { notRun: _, ...told } = counts;
  emit({
    type: "run-ended",
    ...told,
    calls: asker.calls,
    records: asker.records,
    retries: endpoint.retries,
    board: board?.fields() ?? [],
    ...(stopped === undefined ? (asker.gaveUp ? { stopped: "the endpoint no longer answers" } : {}) : { stopped }),
    ...(failure ? { problem: failure } : {}),
    exit,
    ms: performance.now() - started,
  });
  return { exit, failed: ledger.failed };
}

function suiteFiles({ root, file, suite }: Contract, selection: Selection): SuiteFiles {
  const tests = findFiles(root, suite.tests);
  const cases = findFiles(root, suite.cases);
  const known = [...tests, ...cases];
  if (known.length === 0) throw tallyError("suite-empty", { root, patterns: [...suite.tests, ...suite.cases] });
  for (const path of selection.paths) {
    if (known.some((one) => selectsFile({ paths: [path], tags: [] }, one))) continue;
    throw tallyError("suite-file-unknown", { path, nearest: nearest(path.replace(/:\d+$/, ""), known) });
  }
  const wanted = (one: string): boolean => selectsFile(selection, one);
  return {
    tests: tests.filter(wanted),
    cases: cases.filter(wanted),
    all: [file, ...known, answersFile(root)],
    ids: [],
  };
}

/** Starts the endpoint and asks what it is; undefined when the run was stopped before it had answered. */
async function openUnlessStopped(
  endpoint: SuiteOptions["endpoint"],
  stopping: AbortSignal,
): Promise<{ readonly described: Description | undefined } | undefined> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
  const onStop = (): void => stop(undefined);
  stopping.addEventListener("abort", onStop);
  if (stopping.aborted) return undefined;
  const open = async (): Promise<{ readonly described: Description | undefined }> => {
    await endpoint.start();
    return { described: await endpoint.describe() };
  };
  const opened = await Promise.race([open(), stopped]);
  stopping.removeEventListener("abort", onStop);
  return opened;
}

/** The endpoint as the header and the reports show it. */
function outlineOf({ contract, endpoint, role }: SuiteOptions, described: Description | undefined): EndpointOutline {
  const name = described?.name ?? (role === "reference" ? contract.model.name : undefined);
  return {
    role,
    url: endpoint.url,
    ...(name === undefined ? {} : { name }),
    ...(described?.version === undefined ? {} : { version: described.version }),
    ...(described?.runtime === undefined ? {} : { runtime: described.runtime }),
  };
}

function startedEvent(options: SuiteOptions, outline: EndpointOutline, files: readonly string[]): RunEvent {
  const { contract, run, tally, at, seed, selection } = options;
  const version = contract.model.version ?? outline.version;
  return {
    type: "run-started",
    v: 1,
    run,
    at,
    tally,
    suite: {
      name: contract.suite.name,
      ...(version === undefined ? {} : { version }),
      digest: suiteDigest(contract.root, files),
    },
    seed,
    endpoints: [outline],
    operations: outlineOperations(contract),
    selection: describeSelection(selection),
  };
}

function outlineOperations({ operations = {} }: Contract): OperationOutline[] {
  return Object.values(operations).map(({ name, after, output }) => ({
    name,
    ...(after === undefined ? {} : { after }),
    fields: Object.entries(output).map(([field, { type, doc, unit }]) => ({
      name: field,
      type: `${type.kind}${type.nullable ? "?" : ""}`,
      ...(doc === undefined ? {} : { doc }),
      ...(unit === undefined ? {} : { unit }),
    })),
  }));
}

/** A difference between alone and in a batch fails the run as a test of its own. */
async function judgeGathering(check: GatherCheck, { options, ledger, asker }: RunState): Promise<void> {
  for (const [operation, outcome] of await check.run(asker, options.contract.operations)) {
    const id = `gather-check > ${operation}`;
    ledger.plan({
      type: "test-planned",
      id,
      file: "gather-check",
      name: operation,
      kind: "test",
      level: "required",
      tags: [],
    });
    ledger.judge(id, { outcome });
  }
}

/** A selection that somebody typed and that matches nothing is a mistake. */
function unmatched({ options, ledger, problems }: RunState, ids: readonly string[]): Problem | undefined {
  const { selection } = options;
  const said = describeSelection(selection).join(" ");
  if (ledger.counts.planned > 0 || problems.length > 0 || said === "" || isComputed(selection)) return undefined;
  const words = (selection.keyword ?? selection.paths[0] ?? "").toLowerCase().split(/\W+/);
  const similar = ids.filter((id) =>
    words.some((word) => word.length > 2 && id.toLowerCase().includes(word.slice(0, 4))),
  );
  return problem("suite-no-match", { selection: said, nearest: (similar.length > 0 ? similar : ids).slice(0, 5) });
}

function allSkipped({ counts }: Ledger): Problem | undefined {
  const { notRun, planned, skip } = counts;
  if (planned === 0 || skip < planned || notRun > 0) return undefined;
  return problem("suite-all-skipped", { skipped: skip });
}

function signalExit(signal: AbortSignal): ExitCode {
  return signal.reason === 143 ? 143 : 130;
}

function warnDropped(dropped: number, emit: SuiteOptions["emit"]): void {
  if (dropped === 0) return;
  emit({
    type: "warning",
    code: "answers-capped",
    message: `${dropped} records are not among the reference answers: there were too many`,
    count: dropped,
  });
}

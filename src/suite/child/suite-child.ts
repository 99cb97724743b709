/**
 * The process of one test file. Comes in over IPC: which file, which tests, answers. Goes out: the tests it holds,
 * calls, outcomes. It touches no endpoint and no report; when it hangs or dies Tally ends it and asks the rest anew.
 */
import { enableCompileCache, flushCompileCache } from "node:module";
import { pathToFileURL } from "node:url";
import { compileCacheFolder } from "../../kernel/compile-cache.ts";
import { invariant, problem } from "../../kernel/errors.ts";
import { isSingleFile, ownProgram } from "../../kernel/own-package.ts";
import { seededRandom } from "../../kernel/random.ts";
import { otherVersion, resolveTallyml } from "../../connector/resolve-tallyml.ts";
import { openSession } from "./child-session.ts";
import { currentTest } from "./current-test.ts";
import { CallGatherer } from "./gather-calls.ts";
import { holdSignals } from "./hold-signals.ts";
import { loadProblem } from "./load-problem.ts";
import type { Collected, CollectedTest, FromChild, Judged, LoadFile, RunTests, ToChild } from "../messages.ts";
import { EndpointFault } from "./operation.ts";
import { fullName, runTest } from "./run-test.ts";
import { runTree } from "./run-tree.ts";
import { describeFailure } from "./test-failure.ts";
import { collectTree, type DescribeNode, lineage, type TestNode, type TestOptions, testsOf } from "./test-tree.ts";

const maxOutput = 64 * 1024;

function send(message: FromChild): void {
  process.send?.(message);
}

holdSignals();
enableCompileCache(compileCacheFolder(process.env));
// What every test file imports: loaded while Tally still finds out which file it will be.
if (!isSingleFile) void import(ownProgram("index", "index.ts").href);
const gatherer = new CallGatherer(send);
let loaded: { load: LoadFile; tree: DescribeNode; tests: readonly CollectedTest[] } | undefined;
let stopped = false;
let failures = 0;

process.on("message", (message: ToChild) => {
  switch (message.type) {
    case "load":
      void load(message);
      break;
    case "run":
      void run(message);
      break;
    case "answers":
      gatherer.answer(message.round, message.answers);
      break;
    case "stop":
      stopped = true;
      break;
  }
});
process.on("disconnect", () => process.exit(0));
// What nobody awaits is the affair of the test that made it; where that is over or unknown it fails the file, and it must
// not end all others.
process.on("unhandledRejection", (reason) => void noteStray(reason, "a rejection that nobody handled"));
process.on("uncaughtException", (error) => void noteStray(error, "an exception that nobody caught"));

let root = "";

async function noteStray(error: unknown, where: string): Promise<void> {
  const running = currentTest();
  if (running && !running.finished) {
    running.strays.push(error);
    return;
  }
  const fault = error instanceof EndpointFault ? { fault: error.problem } : {};
  const failure = await describeFailure(error, root);
  send({ type: "loose", where: running ? `${where} after ${running.name}` : where, failure, ...fault });
}

async function load(message: LoadFile): Promise<void> {
  process.chdir(message.root);
  root = message.root;
  captureOutput();
  seedMathRandom(message);
  openSession({ operations: message.operations, gatherer, noGather: message.noGather });
  resolveTallyml();
  const warnings = versionWarnings(message.root);
  try {
    const tree = await collectTree(() => import(pathToFileURL(message.file).href));
    const tests = describeTests(tree, message);
    loaded = { load: message, tree, tests };
    const empty = tests.length === 0 ? { problem: problem("suite-no-tests", { file: message.id }) } : {};
    send({ type: "collected", tests, warnings, ...empty });
  } catch (error) {
    send({
      type: "collected",
      tests: [],
      warnings,
      problem: await loadProblem(error, message.id, message.file, message.root),
    });
  }
}

async function run(message: RunTests): Promise<void> {
  invariant(loaded, "tests asked for before their file was loaded");
  const { load: settings, tree, tests } = loaded;
  const session = { operations: settings.operations, gatherer, noGather: settings.noGather };
  await runTree(tree, {
    selected: new Set(message.indices),
    oneByOne: settings.oneByOne,
    root: settings.root,
    hookTimeoutMs: settings.testTimeoutMs,
    stopped: () => stopped,
    judged: (test, outcome) => {
      if (outcome.verdict === "fail" || outcome.verdict === "error") failures += 1;
      if (failures >= settings.maxFailures) stopped = true;
      judged.push({ type: "judged", index: test.index, outcome });
      // One message for all that are judged in one turn; one by one, each must be known before the next can kill us.
      if (settings.oneByOne) tellJudged();
      else if (judged.length === 1) setImmediate(tellJudged);
    },
    late: (where, { failures: [failure], fault }) => {
      const told = failure ?? { message: fault?.message ?? where };
      send({ type: "loose", where, failure: told, ...(fault ? { fault } : {}) });
    },
    run: (test) => {
      if (settings.oneByOne) send({ type: "started", index: test.index });
      const { id = test.name, timeoutMs = settings.testTimeoutMs } = tests[test.index] ?? {};
      return runTest(test, {
        session,
        id,
        timeoutMs,
        root: settings.root,
        seed: settings.seed,
        repeat: settings.repeat,
        logAll: settings.logAll,
      });
    },
  });
  tellJudged();
  // Timers of zero and rejections of the last test are heard before the file is done.
  await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setImmediate(resolve));
  // Tally ends this process, which then never writes its cache by itself; now the functions that tests need are in it too.
  flushCompileCache();
  send({ type: "finished" });
}

let judged: Judged[] = [];

function tellJudged(): void {
  if (judged.length > 0) send({ type: "judged-together", tests: judged });
  judged = [];
}

function versionWarnings(root: string): Collected["warnings"] {
  const other = otherVersion(pathToFileURL(`${root}/`));
  if (other === undefined) return [];
  const message = `the project has tallyml ${other.project}, this run uses ${other.running}`;
  return [{ code: "other-version", message, hint: `npm install --save-dev tallyml@${other.running}` }];
}

/** Names, modes and options of all tests, those of their describes included. */
function describeTests(tree: DescribeNode, { id: file, testTimeoutMs }: LoadFile): CollectedTest[] {
  const nodes = testsOf(tree);
  const anyOnly = nodes.some((node) => inherited(node, "only"));
  const seen = new Map<string, number>();
  return nodes.map((node) => {
    const name = fullName(node);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const id = `${file} > ${name}${times > 1 ? ` #${times}` : ""}`;
    const skip = inherited(node, "skip");
    const left = anyOnly && !inherited(node, "only");
    const mode = inherited(node, "todo") ? "todo" : skip || left ? "skip" : "run";
    const note = typeof skip === "string" ? skip : left && !skip ? "another test has .only" : undefined;
    const bug = inherited(node, "bug");
    return {
      index: node.index,
      id,
      name,
      mode,
      level: inherited(node, "level") ?? "required",
      tags: lineage(node).flatMap((one) => one.options.tags ?? []),
      timeoutMs: inherited(node, "timeout") ?? testTimeoutMs,
      ...(node.line === undefined ? {} : { line: node.line }),
      ...(bug === undefined ? {} : { bug }),
      ...(note === undefined ? {} : { note }),
    };
  });
}

/** An option of a test, or of the innermost describe that sets it. */
function inherited<Key extends keyof TestOptions>(node: TestNode, key: Key): TestOptions[Key] | undefined {
  return lineage(node).findLast((one) => one.options[key] !== undefined)?.options[key];
}

/** What a test prints belongs to it; what a file prints while it loads goes to the log. */
function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: unknown): boolean => {
      noteOutput(typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString());
      return true;
    };
  }
}

function noteOutput(text: string): void {
  const running = currentTest();
  if (running === undefined) send({ type: "log", text });
  else if (running.output.length < maxOutput) running.output += text.slice(0, maxOutput - running.output.length);
}

/** `Math.random` gives the same numbers for the same --seed, test by test, whatever runs beside it. */
function seedMathRandom({ seed, id }: LoadFile): void {
  const outside = seededRandom(seed, id);
  Math.random = () => (currentTest()?.random ?? outside)();
}

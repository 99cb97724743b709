/**
 * What a suite holds. Comes in: a contract and a selection. Goes out: its tests and cases in the order of the files,
 * and what keeps a file from being read. Files are loaded as for a run; nothing runs and no endpoint is asked.
 */
import { join } from "node:path";
import { whyNot } from "../compare/type-check.ts";
import type { Contract } from "../contract/contract.ts";
import { type Problem, TallyError } from "../kernel/errors.ts";
import { readCaseTable } from "../record/read-case-table.ts";
import { loadMessage } from "./load-message.ts";
import { pytestId, PytestProcess } from "./pytest/pytest-process.ts";
import { plannedRow, plannedTest } from "./planned-test.ts";
import { type Selection, selectTests } from "./selection.ts";
import { suiteFiles, withoutMatch } from "./suite-files.ts";
import { type SuiteProcess, TestFileProcess } from "./test-file-process.ts";
import type { TestPlanned } from "../verdict/run-event.ts";

/** A test or case, and whether it would run. */
export interface ListedTest extends Omit<TestPlanned, "type"> {
  readonly mode: "run" | "skip" | "todo";
  /** Why it would not run. */
  readonly note?: string;
}

export interface Listing {
  readonly tests: readonly ListedTest[];
  /** Of files and rows that cannot be read. */
  readonly problems: readonly Problem[];
}

export interface ListOptions {
  readonly contract: Contract;
  readonly selection: Selection;
  /** Test files that are loaded at the same time. */
  readonly jobs: number;
  readonly testTimeoutMs: number;
}

/** Lists a suite. Throws `suite-empty`, `suite-file-unknown` and `suite-no-match`. */
export async function listSuite(options: ListOptions): Promise<Listing> {
  const { contract, selection } = options;
  const files = suiteFiles(contract, selection);
  const found = new Map<string, Found>();
  const waiting = files.tests.values();
  const lane = async (): Promise<void> => {
    for (const file of waiting) found.set(file, await listTestFile(file, options));
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, files.tests.length) }, lane));
  if (files.pytest.length > 0) found.set(pytestId, await listPytest(files.pytest, options));
  for (const file of files.cases) found.set(file, await listTable(file, contract));
  const each = [...files.tests, pytestId, ...files.cases].flatMap((file) => found.get(file) ?? []);
  const tests = each.flatMap(({ listed }) => selectListed(listed, selection));
  const problems = each.flatMap((one) => one.problems);
  if (tests.length > 0 || problems.length > 0) return { tests, problems };
  const mistaken = withoutMatch(
    selection,
    each.flatMap(({ listed }) => listed.map(({ plan }) => plan.id)),
  );
  if (mistaken) throw new TallyError(mistaken);
  return { tests, problems };
}

interface Planned {
  readonly plan: TestPlanned;
  readonly mode: ListedTest["mode"];
  readonly note: string | undefined;
}

interface Found {
  readonly listed: readonly Planned[];
  readonly problems: readonly Problem[];
}

async function listTestFile(file: string, options: ListOptions): Promise<Found> {
  return listProcess(new TestFileProcess(loadMessage(file, { ...loading(options), seed: 1, maxFailures: 1 })), file);
}

/** All of them in one process, as in a run. */
async function listPytest(files: readonly string[], options: ListOptions): Promise<Found> {
  return listProcess(new PytestProcess(files, loading(options)), pytestId);
}

function loading({ contract, testTimeoutMs }: ListOptions) {
  return { contract, testTimeoutMs, repeat: 1, logAll: false, noGather: false };
}

async function listProcess(child: SuiteProcess, id: string): Promise<Found> {
  const { broken = [], problem, tests } = await child.collected;
  child.kill();
  const listed = tests.map((test) => ({ plan: plannedTest(test.file ?? id, test), mode: test.mode, note: test.note }));
  return { listed, problems: [...(problem ? [problem] : []), ...broken.map((one) => one.problem)] };
}

async function listTable(file: string, contract: Contract): Promise<Found> {
  const { problems, rows } = await readCaseTable(join(contract.root, file), contract, whyNot);
  const listed = rows.map((row): Planned => {
    const mode = row.skip === undefined ? "run" : "skip";
    return { plan: plannedRow(file, row.id, row), mode, note: row.skip };
  });
  return { listed, problems };
}

function selectListed(listed: readonly Planned[], selection: Selection): ListedTest[] {
  const plans = listed.map(({ plan }) => plan);
  const selected = new Set(selectTests(plans, selection));
  return listed.filter(({ plan }) => selected.has(plan)).map(asListed);
}

function asListed({ mode, note, plan }: Planned): ListedTest {
  const { type: _, ...told } = plan;
  return { ...told, mode, ...(note === undefined ? {} : { note }) };
}

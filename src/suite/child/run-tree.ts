/** The selected tests of a file: concurrently where nothing forbids it, one after the other where hooks or `sequential` do. */
import type { TestOutcome } from "../messages.ts";
import { type DescribeNode, type TestFunction, type TestNode, testsOf } from "./test-tree.ts";
import { asTest, newRun } from "./current-test.ts";
import { faultVerdict } from "../fault-verdict.ts";
import { EndpointFault } from "./operation.ts";
import { describeFailure } from "./test-failure.ts";

export interface TreeRun {
  readonly selected: ReadonlySet<number>;
  /** One test at a time, whatever the file says. */
  readonly oneByOne: boolean;
  readonly root: string;
  readonly hookTimeoutMs: number;
  readonly stopped: () => boolean;
  readonly run: (test: TestNode) => Promise<TestOutcome>;
  readonly judged: (test: TestNode, outcome: TestOutcome) => void;
  /** What an afterAll threw: all its tests are judged already. */
  readonly late: (where: string, outcome: TestOutcome) => void;
}

/** Runs what is selected below a node; every selected test is judged exactly once. */
export async function runTree(node: DescribeNode, tree: TreeRun): Promise<void> {
  const tests = testsOf(node).filter((test) => tree.selected.has(test.index));
  if (tests.length === 0) return;
  const failure = await runHooks(node, "beforeAll", tree);
  if (failure !== undefined) {
    for (const test of tests) tree.judged(test, failure);
    return;
  }
  await runChildren(node, tree);
  const after = await runHooks(node, "afterAll", tree);
  if (after !== undefined) tree.late(`afterAll${node.name === "" ? "" : ` of ${node.name}`}`, after);
}

async function runChildren(node: DescribeNode, tree: TreeRun): Promise<void> {
  const serial = tree.oneByOne || hasEachHooks(node);
  let group: Promise<void>[] = [];
  for (const child of node.children) {
    const alone = serial || isSequential(child);
    if (alone) {
      await Promise.all(group);
      group = [];
    }
    const running = child.kind === "describe" ? runTree(child, tree) : runOne(child, tree);
    if (alone) await running;
    else group.push(running);
  }
  await Promise.all(group);
}

async function runOne(test: TestNode, tree: TreeRun): Promise<void> {
  if (!tree.selected.has(test.index)) return;
  tree.judged(test, tree.stopped() ? notRun() : await tree.run(test));
}

function hasEachHooks(node: DescribeNode): boolean {
  for (let at: DescribeNode | undefined = node; at; at = at.parent) {
    if (at.options.sequential || at.hooks.beforeEach.length > 0 || at.hooks.afterEach.length > 0) return true;
  }
  return false;
}

/** A describe that keeps its own tests in turn must not meet its neighbours either. */
function isSequential(child: TestNode | DescribeNode): boolean {
  if (child.options.sequential) return true;
  return child.kind === "describe" && (hasOwnHooks(child) || child.children.some(isSequential));
}

function hasOwnHooks(node: DescribeNode): boolean {
  return Object.values(node.hooks).some((hooks) => hooks.length > 0);
}

async function runHooks(
  node: DescribeNode,
  name: "beforeAll" | "afterAll",
  tree: TreeRun,
): Promise<TestOutcome | undefined> {
  const running = newRun({ order: -1, name, id: `${node.name} ${name}` }, Math.random);
  for (const hook of node.hooks[name]) {
    try {
      await asTest(running, () => deadline(hook, tree.hookTimeoutMs));
    } catch (error) {
      if (error instanceof EndpointFault) return { ...notRun(), ...faultVerdict(error.problem), fault: error.problem };
      const failure = await describeFailure(error, tree.root);
      const failures = [{ ...failure, message: `${name}: ${failure.message}` }];
      return { verdict: "fail", reason: "hook", mismatches: [], failures, nearTies: 0, exchanges: [], ms: 0 };
    }
  }
  return undefined;
}

async function deadline(hook: TestFunction, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject({ name: "Error", message: `not settled after ${ms} ms` }), ms);
  });
  try {
    await Promise.race([hook(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a test is judged that the run did not come to. */
export function notRun(): TestOutcome {
  return { verdict: "skip", reason: "not-run", mismatches: [], failures: [], nearTies: 0, exchanges: [], ms: 0 };
}

/** The tests of one file as a tree, while it is being written down by `test` and `describe`. */

/** What may stand between a test's name and its function. */
export interface TestOptions {
  /** Milliseconds the test may take. */
  readonly timeout?: number;
  readonly tags?: readonly string[];
  /** A `recommended` test is reported and fails the run only under --strict. */
  readonly level?: "required" | "recommended";
  readonly skip?: boolean | string;
  readonly only?: boolean;
  readonly todo?: boolean;
  /** Not at the same time as any other test of the file. */
  readonly sequential?: boolean;
  /** Name of the bug that this test keeps fixed. */
  readonly bug?: string;
}

/** The body of a test or a hook; a promise that it returns is waited for. */
export type TestFunction = () => unknown;
export type HookName = "beforeAll" | "beforeEach" | "afterEach" | "afterAll";

export interface TestNode {
  readonly kind: "test";
  readonly name: string;
  readonly options: TestOptions;
  readonly run: TestFunction | undefined;
  readonly parent: DescribeNode;
  readonly line: number | undefined;
  /** Position in the file; set when the tree is complete. */
  index: number;
}

export interface DescribeNode {
  readonly kind: "describe";
  readonly name: string;
  readonly options: TestOptions;
  readonly parent: DescribeNode | undefined;
  readonly body: (() => unknown) | undefined;
  readonly children: (TestNode | DescribeNode)[];
  readonly hooks: Record<HookName, TestFunction[]>;
}

/** Makes a `describe` without children. */
export function describeNode(
  name: string,
  options: TestOptions,
  parent: DescribeNode | undefined,
  body?: () => unknown,
): DescribeNode {
  const hooks = { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };
  return { kind: "describe", name, options, parent, body, children: [], hooks };
}

/** Where the tests of the file being loaded go. One for the whole process, whatever number of copies of Tally it holds. */
interface Registry {
  current: DescribeNode | undefined;
}

const key = Symbol.for("tallyml.registry/1");

function registry(): Registry {
  const place = globalThis as { [key]?: Registry };
  place[key] ??= { current: undefined };
  return place[key];
}

/** The `describe` that is being filled; undefined outside of `tally test`. */
export function currentDescribe(): DescribeNode | undefined {
  return registry().current;
}

/** Loads a file into a tree: the file's own body first, then those of its describes, in order, async ones awaited. */
export async function collectTree(load: () => Promise<unknown>): Promise<DescribeNode> {
  const root = describeNode("", {}, undefined);
  registry().current = root;
  await load();
  await fillDescribes(root);
  registry().current = undefined;
  numberTests(root, 0);
  return root;
}

async function fillDescribes(node: DescribeNode): Promise<void> {
  for (const child of node.children) {
    if (child.kind === "test") continue;
    registry().current = child;
    await child.body?.();
    await fillDescribes(child);
  }
}

function numberTests(node: DescribeNode, from: number): number {
  let next = from;
  for (const child of node.children) {
    if (child.kind === "describe") next = numberTests(child, next);
    else {
      child.index = next;
      next += 1;
    }
  }
  return next;
}

/** All tests below a node, in the order they were written. */
export function testsOf(node: DescribeNode): TestNode[] {
  return node.children.flatMap((child) => (child.kind === "test" ? [child] : testsOf(child)));
}

/** A node and its ancestors, outermost first, without the file itself. */
export function lineage(node: TestNode | DescribeNode): (TestNode | DescribeNode)[] {
  const above = node.parent === undefined || node.parent.parent === undefined ? [] : lineage(node.parent);
  return [...above, node];
}

/**
 * One way to provoke errors through the real command line, as data: which files, which server, which words, and what comes
 * of it. The tables beside this file are run by `provoke-*.test.ts` and counted by `provoked.test.ts`.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { showProblem } from "../../../src/cli/show-problem.ts";
import type { ErrorCode, ExitCode, Problem } from "../../../src/kernel/errors.ts";
import { readEventLine } from "../../../src/verdict/event-line.ts";
import type { RunEvent } from "../../../src/verdict/run-event.ts";
import { normal, project, type Project, type Ran, type Running } from "../../kit/project.ts";

/** What an arrangement made: words and environment that are known only now. */
export interface Arranged {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Once the command runs. */
  readonly meanwhile?: (running: Running) => Promise<void>;
}

/** One run of the command line and the codes it must say. */
export interface Provocation {
  /** A present-tense fact. */
  readonly fact: string;
  readonly codes: readonly ErrorCode[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Starts what the files cannot say: servers, permissions. Ended with the stack. */
  readonly arrange?: (suite: Project, stack: AsyncDisposableStack) => Arranged | Promise<Arranged> | void;
  /** The words; those of `arrange` come behind them. */
  readonly args: readonly string[];
  readonly exit: ExitCode;
  /** The run is ended by Ctrl-C: 130 counts more than 6. */
  readonly signal?: 130;
  /** Another command line, in the project's folder. */
  readonly program?: string;
  /** Another Node to run the command line with. */
  readonly node?: string | undefined;
  /** Why it cannot be done on this machine. */
  readonly skip?: string | undefined;
  /** What else differs from machine to machine. */
  readonly normal?: (text: string) => string;
}

/** Every row of a table is a test. */
export function provokeAll(table: readonly Provocation[]): void {
  test.for(table.map((one) => [one.fact, one] as const))("%s", async ([, one], context) => {
    if (one.skip !== undefined) context.skip(one.skip);
    await provoke(one);
  });
}

/** Runs a provocation: each of its codes is said, in full, and the command ends as it must. */
async function provoke(one: Provocation): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const suite = project(one.files ?? {});
  const arranged = (await one.arrange?.(suite, stack)) ?? {};
  const running = suite.start([...one.args, ...(arranged.args ?? [])], {
    env: arranged.env ?? {},
    ...(one.node === undefined ? {} : { node: one.node }),
    ...(one.program === undefined ? {} : { program: join(suite.root, one.program) }),
  });
  await arranged.meanwhile?.(running);
  const ran = await running.ended;
  const said = saidBy(ran);
  const text = `exit ${ran.exit}\n${said}`;
  for (const code of one.codes) expect(text).toContain(`error[${code}]: `);
  expect(ran.exit, text).toBe(one.exit);
  // A container is where many of these run; what is said there besides is a test of its own.
  const clean = normal(text, suite.root).replaceAll(/In a container, .*? Start it/g, "Start it");
  expect(one.normal?.(clean) ?? clean).toMatchSnapshot();
}

/** Everything that is said of problems: on stderr, and in the event stream where stdout is one. */
function saidBy({ stderr, stdout }: Ran): string {
  const problems = stdout.startsWith('{"type":') ? eventsOf(stdout).flatMap(problemsOf) : [];
  const texts = new Set(
    problems.map((problem) => showProblem(problem, false)).filter((text) => !stderr.includes(text)),
  );
  // What `tally doctor` finds is its result.
  const found = stdout.startsWith(" ✓ tally") ? [stdout] : [];
  // Which file is told first is an affair of timing.
  return [stderr, ...found, ...[...texts].toSorted()].join("");
}

function eventsOf(stdout: string): RunEvent[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(readEventLine);
}

function problemsOf(event: RunEvent): Problem[] {
  switch (event.type) {
    case "test-judged": {
      // What a test threw is text already.
      const thrown = event.failures.map(({ message }) => /^error\[(.+?)\]: (.*)\nhint: (.*)$/s.exec(message));
      const own = thrown.flatMap((found) => (found ? [asProblem(found[1], found[2], found[3])] : []));
      return [...(event.fault ? [event.fault] : []), ...own];
    }
    case "run-ended":
      return event.problem ? [event.problem] : [];
    case "warning":
      return [asProblem(event.code, event.message, event.hint)];
    default:
      return [];
  }
}

/** A problem that came as text: its exit code is not shown. */
function asProblem(code = "", message = "", hint = ""): Problem {
  return { code: code as ErrorCode, message, hint, exit: 1 };
}

/** What is left when a run is ended from outside: a report, an exit code, and no process. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readEventLine } from "../../src/verdict/event-line.ts";
import type { RunEvent } from "../../src/verdict/run-event.ts";
import { isAlive, until } from "../faux/local-connector.ts";
import { normal, project, type Project } from "../kit/project.ts";

const contract = `[model]\nname = "slow"\n[connector]\nnode = "connector.ts"\n`;

/** Answers `fast` at once and `slow` never, and says which process it is. */
const connector = `
import { spawn } from "node:child_process";
console.error("child " + spawn("sleep", ["600"], { stdio: "ignore" }).pid);
console.error("connector " + process.pid);
export default {
  fast: (frame) => [...frame].map(() => ({ ok: true })),
  slow: () => new Promise(() => {}),
};
`;

const tests = `
import { operation, test } from "tallyml";
console.log("suite " + process.pid);
const fast = operation("fast"); const slow = operation("slow");
test.sequential("passes", async () => { await fast({ x: 1 }); });
test.sequential("hangs", async () => { console.log("asking"); await slow({ x: 1 }); });
test.sequential("never comes to its turn", async () => { await fast({ x: 2 }); });
`;

function slowProject(): Project {
  return project({ "tally.toml": contract, "connector.ts": connector, "tests/a.test.ts": tests });
}

/** The events that a run has written so far. */
function eventsSoFar({ root }: Project): RunEvent[] {
  const runs = join(root, ".tally/runs");
  const [run = ""] = readdirSync(runs);
  return readFileSync(join(runs, run, "events.ndjson"), "utf8")
    .trimEnd()
    .split("\n")
    .map(readEventLine);
}

/** The processes that connector and suite said they are. */
function processesOf(events: readonly RunEvent[]): number[] {
  return events
    .flatMap((event) => (event.type === "log" ? [...event.text.matchAll(/(?:child|connector|suite) (\d+)/g)] : []))
    .map(([, pid]) => Number(pid));
}

const hanging = /"id":"tests\/a.test.ts > passes","verdict|"type":"test-judged"/;

test("Ctrl-C once: what was judged is reported, the exit code is 130, no process is left", async () => {
  const suite = slowProject();
  const running = suite.start(["test", "--reporter", "ndjson", "--reporter", "junit=junit.xml"], { detached: true });
  await running.says(hanging);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const pids = processesOf(eventsSoFar(suite));
  expect(pids).toHaveLength(3);
  expect(pids.every(isAlive)).toBe(true);
  // A terminal sends Ctrl-C to every process of the foreground.
  process.kill(-(running.child.pid ?? 0), "SIGINT");
  const { exit, stderr } = await running.ended;
  expect({ exit, stderr: normal(stderr, suite.root) }).toMatchInlineSnapshot(`
    {
      "exit": 130,
      "stderr": "
    stopping; once more to end at once
    ",
    }
  `);
  const events = eventsSoFar(suite);
  const judged = events.flatMap((event) =>
    event.type === "test-judged"
      ? [`${event.id}: ${event.verdict} ${event.reason ?? ""} ${event.fault?.code ?? ""}`]
      : [],
  );
  expect(judged).toMatchInlineSnapshot(`
    [
      "tests/a.test.ts > passes: pass  ",
      "tests/a.test.ts > never comes to its turn: skip not-run ",
      "tests/a.test.ts > hangs: error fault connector-cancelled",
    ]
  `);
  const { planned, pass, fail, error, skip, exit: told, stopped } = endOf(events);
  expect({ planned, pass, fail, error, skip, told, stopped }).toMatchInlineSnapshot(`
    {
      "error": 1,
      "fail": 0,
      "pass": 1,
      "planned": 3,
      "skip": 1,
      "stopped": "interrupted",
      "told": 130,
    }
  `);
  expect(readFileSync(join(suite.root, "junit.xml"), "utf8")).toContain('tests="3"');
  expect(await until(() => !pids.some(isAlive), 3_000)).toBe(true);
});

function endOf(events: readonly RunEvent[]): Extract<RunEvent, { type: "run-ended" }> {
  const last = events.at(-1);
  if (last?.type !== "run-ended") throw new Error(`the stream ends with ${last?.type}`);
  return last;
}

test("Ctrl-C twice: it ends at once, and no process is left", async () => {
  const suite = project({
    "tally.toml": contract,
    "connector.ts": `${connector}process.on("SIGTERM", () => {});\n`,
    "tests/a.test.ts": tests,
  });
  const running = suite.start(["test", "--reporter", "ndjson"]);
  await running.says(hanging);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const pids = processesOf(eventsSoFar(suite));
  running.child.kill("SIGINT");
  await running.says(/stopping/);
  const began = performance.now();
  running.child.kill("SIGINT");
  const { exit } = await running.ended;
  expect(exit).toBe(130);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(await until(() => !pids.some(isAlive), 3_000)).toBe(true);
});

test.for(["SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
  "%s is 143, with a report and nothing half-written",
  async (signal) => {
    const suite = slowProject();
    const running = suite.start(["test", "--reporter", "ndjson", "--out", "report"]);
    await running.says(hanging);
    running.child.kill(signal);
    expect((await running.ended).exit).toBe(143);
    const left = readdirSync(join(suite.root, "report"));
    expect(left).toEqual(expect.arrayContaining(["events.ndjson", "index.html", "junit.xml"]));
    expect(left.filter((name) => name.endsWith(".part"))).toEqual([]);
  },
);

test("Ctrl-C while a connector loads ends it", async () => {
  const suite = project({
    "tally.toml": contract,
    "connector.ts": `${noting}await new Promise((resolve) => setTimeout(resolve, 60_000));\nexport default {};\n`,
    "cases/a.jsonl": `{"operation":"fast","input":{}}\n`,
  });
  const running = suite.start(["test"]);
  const pid = await notedBy(suite);
  running.child.kill("SIGINT");
  const { exit, stdout } = await running.ended;
  expect(exit).toBe(130);
  expect(normal(stdout, suite.root)).toMatchInlineSnapshot(`
    " slow-ml-test sha256:<digest> · tally 0.1.0
     reference  node:connector.ts  slow


     nothing judged in <time>
     interrupted
    "
  `);
  expect(isAlive(pid)).toBe(false);
});

test("Ctrl-C while an endpoint is waited for ends the wait and the program of --start", async () => {
  const suite = slowProject();
  suite.write({ "server.mjs": `${noting}setInterval(() => {}, 1_000);\n` });
  const running = suite.start(["test", "-e", "http://127.0.0.1:9", "--start", "node server.mjs"]);
  const pid = await notedBy(suite);
  running.child.kill("SIGINT");
  expect((await running.ended).exit).toBe(130);
  expect(isAlive(pid)).toBe(false);
});

/** A first line of a program: it writes down which process it is. */
const noting = `import { writeFileSync } from "node:fs";\nwriteFileSync("pid", String(process.pid));\n`;

async function notedBy({ root }: Project): Promise<number> {
  const file = join(root, "pid");
  await until(() => existsSync(file) && readFileSync(file, "utf8") !== "", 10_000);
  return Number(readFileSync(file, "utf8"));
}

test("kill -9 of tally ends the program of --start, from its first moment", async () => {
  const suite = slowProject();
  suite.write({ "server.mjs": `${noting}setInterval(() => {}, 1_000);\n` });
  const running = suite.start(["test", "-e", "http://127.0.0.1:9", "--start", "node server.mjs"]);
  const pid = await notedBy(suite);
  running.child.kill("SIGKILL");
  await running.ended;
  expect(await until(() => !isAlive(pid), 3_000)).toBe(true);
});

test("kill -9 of tally ends the connector, what it started, and the suite's processes", async () => {
  const suite = slowProject();
  const running = suite.start(["test", "--reporter", "ndjson"]);
  await running.says(hanging);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const pids = processesOf(eventsSoFar(suite));
  expect(pids).toHaveLength(3);
  running.child.kill("SIGKILL");
  await running.ended;
  expect(await until(() => !pids.some(isAlive), 3_000)).toBe(true);
});

test("kill -9 of tally ends a suite that loops for ever", async () => {
  const loop = `${noting}import { test } from "tallyml";\ntest("loops", () => { for (;;); });\n`;
  const suite = project({ "tally.toml": contract, "connector.ts": connector, "tests/a.test.ts": loop });
  const running = suite.start(["test", "--reporter", "ndjson"]);
  await running.says(/"test-planned"/);
  const pid = await notedBy(suite);
  await new Promise((resolve) => setTimeout(resolve, 200));
  running.child.kill("SIGKILL");
  await running.ended;
  expect(await until(() => !isAlive(pid), 3_000)).toBe(true);
});

test("a reader that goes away early changes neither the run nor its exit code", () => {
  const suite = project({
    "tally.toml": contract,
    "connector.ts": connector,
    "cases/fast.jsonl": `{"operation":"fast","input":{"x":1},"expect":{"ok":false}}\n`.repeat(300),
  });
  const launcher = fileURLToPath(new URL("../../bin/tally.js", import.meta.url));
  const script = `set -o pipefail; '${process.execPath}' '${launcher}' test --reporter ndjson | head -1; echo "exit \${PIPESTATUS[0]}"`;
  const shown = execFileSync("bash", ["-c", script], {
    cwd: suite.root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(shown.split("\n").slice(1)).toEqual(["exit 1", ""]);
  expect(endOf(eventsSoFar(suite))).toMatchObject({ planned: 300, fail: 300 });
});

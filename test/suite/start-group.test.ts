/** Whatever ends a run, nothing of what --start started is left, and what it printed is in the report. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isAlive, until } from "../faux/local-connector.ts";
import { freePort } from "../kit/free-port.ts";
import { withTests } from "../kit/length-model.ts";
import { project, type Project, type Ran } from "../kit/project.ts";

/** Starts the server as a child that does not end at SIGTERM, and stays; with `leaves`, goes once the server listens. */
const launcher = `
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
const [port, how] = process.argv.slice(2);
spawn(process.execPath, ["server.mjs", port, how], { stdio: "inherit" });
setInterval(() => { if (how === "leaves" && existsSync("listens")) process.exit(0); }, 20);
`;

const server = `
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
const [port, how] = process.argv.slice(2);
process.on("SIGTERM", () => console.log("asked to end"));
writeFileSync("server.pid", String(process.pid));
createServer(async (request, response) => {
  if (request.method === "GET") return response.writeHead(404).end();
  if (how === "crashes") process.kill(process.ppid, "SIGKILL");
  const records = JSON.parse(Buffer.concat(await request.toArray()));
  response.end(JSON.stringify(records.map(({ text }) => ({ length: text.length, half: 0, label: null }))));
}).listen(Number(port), "127.0.0.1", () => { console.log("model loaded"); writeFileSync("listens", ""); });
`;

const suite = `
test("three", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
test("wrong", async () => { expect(await process({ text: "abc" })).toTally({ length: 4 }); });
test("long", async () => { await new Promise((resolve) => setTimeout(resolve, 60_000)); }, { timeout: 120_000 });
`;

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly how?: string;
  /** Ends Tally as soon as the server is asked. */
  readonly end?: NodeJS.Signals;
  readonly exit: number | null;
}

const cases: readonly Case[] = [
  { name: "the run is green", args: ["-k", "three"], exit: 0 },
  { name: "the run is red", args: ["-k", "wrong"], exit: 1 },
  { name: "no test matches", args: ["-k", "nowhere"], exit: 2 },
  { name: "the time is over", args: ["-k", "long", "--max-time", "1s"], exit: 6 },
  { name: "Ctrl-C", args: ["-k", "long"], end: "SIGINT", exit: 130 },
  { name: "SIGTERM", args: ["-k", "long"], end: "SIGTERM", exit: 143 },
  { name: "the terminal is closed", args: ["-k", "long"], end: "SIGHUP", exit: 143 },
  { name: "kill -9", args: [], end: "SIGKILL", exit: null },
  { name: "the program goes and leaves a server in its group", args: ["-k", "three"], how: "leaves", exit: 3 },
  { name: "the program is killed in the middle", args: ["-k", "three"], how: "crashes", exit: 3 },
];

test.each(cases)("$name: nothing is left", async ({ args, end, exit, how = "stays" }) => {
  const made = project({ ...withTests(suite), "server.mjs": server, "launcher.mjs": launcher });
  const port = await freePort();
  const start = `node launcher.mjs ${port} ${how}`;
  const words = ["test", "-e", `http://127.0.0.1:${port}`, "--start", start, "--out", "report", ...args];
  const running = made.start(words, { env: { PATH: `${join(process.execPath, "..")}:${process.env["PATH"]}` } });
  if (end !== undefined) {
    await until(() => existsSync(join(made.root, "listens")), 20_000);
    await new Promise((resolve) => setTimeout(resolve, 600));
    running.child.kill(end);
  }
  const ran = await running.ended;
  expect(ran.exit, ran.stdout + ran.stderr).toBe(exit);
  expectNothingLeft(made, ran);
  expect(await until(() => !isAlive(serverOf(made)), 3_000)).toBe(true);
});

function serverOf({ root }: Project): number {
  const pid = Number(readFileSync(join(root, "server.pid"), "utf8"));
  expect(pid).toBeGreaterThan(1);
  return pid;
}

/** A run that could end by itself has the program's words in its report. */
function expectNothingLeft({ root }: Project, { exit }: Ran): void {
  if (exit === null) return;
  expect(readFileSync(join(root, "report/events.ndjson"), "utf8")).toContain(
    `{"type":"log","source":"start","text":"model loaded"}`,
  );
  expect(readFileSync(join(root, "report/index.html"), "utf8")).toContain("model loaded");
}

/**
 * Research's suite, run against Research's model, a production build with mistakes, and one without.
 * Run it with `npm run demo` in the root of the repository; it needs nothing but Node.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";

const folder = import.meta.dirname;
const tally = join(folder, "../../bin/tally.js");
const reports = join(folder, ".tally/demo");

interface Act {
  readonly caption: readonly string[];
  /** Which build answers; Research's connector without one. */
  readonly server?: string;
  readonly report: string;
  readonly exit: number;
}

const acts: readonly Act[] = [
  {
    caption: ["Research runs its tests against its own model, research/connector.ts."],
    report: "1-research",
    exit: 0,
  },
  {
    caption: [
      "Development has built the model anew: production/server-first-attempt.mjs.",
      "The same tests, against its endpoint.",
    ],
    server: "production/server-first-attempt.mjs",
    report: "2-first-attempt",
    exit: 1,
  },
  {
    caption: ["Test by test it was put right: production/server.mjs."],
    server: "production/server.mjs",
    report: "3-production",
    exit: 0,
  },
];

const exits: (number | null)[] = [];
for (const [i, act] of acts.entries()) {
  console.log(`\n━━ ${i + 1} of ${acts.length} ${"━".repeat(70)}`);
  console.log(act.caption.map((line) => `   ${line}`).join("\n"));
  exits.push(act.server === undefined ? await test(act) : await testServer(act, act.server));
}

const asExpected = acts.every((act, i) => exits[i] === act.exit);
console.log(`\n${"━".repeat(79)}`);
console.log(
  `   exit codes ${exits.join(", ")}${asExpected ? "" : ` (expected ${acts.map((act) => act.exit).join(", ")})`}`,
);
console.log(
  `   every failure of the second run: ${relative(process.cwd(), join(reports, "2-first-attempt/index.html"))}`,
);
process.exitCode = asExpected ? 0 : 1;

async function testServer(act: Act, file: string): Promise<number | null> {
  const server = spawn(process.execPath, [join(folder, file), "0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    return await test(act, await addressOf(server));
  } finally {
    server.kill();
  }
}

/** The server says where it listens on its first line. */
async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error("the server's output is not piped");
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /^listening on (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error("the server ended without listening");
}

async function test(act: Act, url?: string): Promise<number | null> {
  const out = relative(folder, join(reports, act.report));
  const args = ["test", ...(url === undefined ? [] : ["--endpoint", url]), "--out", out];
  console.log(`\n   $ tally ${args.join(" ")}\n`);
  const run = spawn(process.execPath, [tally, ...args], {
    cwd: folder,
    env: withoutTally(process.env),
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (run.stdout !== null) await show(run.stdout);
  const [code]: (number | null)[] = run.exitCode === null ? await once(run, "exit") : [run.exitCode];
  return code ?? null;
}

/** The demo is the same whatever the shell has set for Tally; colours only where someone looks. */
function withoutTally(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => name !== "ENDPOINT" && !name.startsWith("TALLY_"));
  return { ...Object.fromEntries(kept), TALLY_COLOR: process.stdout.isTTY ? "always" : "never" };
}

async function show(output: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: output })) console.log(line);
}

/**
 * Research's suite, run against Research's model, a production build with mistakes, and one without.
 * Run it with `npm run demo` in the root of the repository; it needs nothing but Node.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";

const folder = import.meta.dirname;
const tally = join(folder, "../../bin/tally.js");
const reports = join(folder, ".tally/demo");

/** Failures shown in full, and lines of each list of others: a demo is read, not searched. */
const maxBlocks = 5;
const maxLines = 2;

interface Act {
  readonly caption: readonly string[];
  /** Which build answers; Research's connector without one. */
  readonly server?: string;
  /** The suite is packed first, and run from the file that it became: without Tally, without this folder. */
  readonly isPacked?: boolean;
  readonly report: string;
  readonly exit: number;
}

const acts: readonly Act[] = [
  {
    caption: ["Research runs its tests against its own model, research/connector.ts."],
    report: "research",
    exit: 0,
  },
  {
    caption: [
      "Development has built the model anew: production/server-first-attempt.mjs.",
      "The same tests, against its endpoint.",
    ],
    server: "production/server-first-attempt.mjs",
    report: "first",
    exit: 1,
  },
  {
    caption: ["Test by test it was put right: production/server.mjs."],
    server: "production/server.mjs",
    report: "production",
    exit: 0,
  },
  {
    caption: [
      "And as it is delivered: packed into one file, which runs the same tests with Node alone.",
      "Where there is Docker, `tally pack` makes an image of it instead.",
    ],
    server: "production/server.mjs",
    isPacked: true,
    report: "packed",
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
  `   all failures of the second run, in full:\n   ${relative(process.cwd(), join(reports, "first/index.html"))}`,
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
  if (act.isPacked) pack();
  console.log(`\n   $ ${act.isPacked ? "node package/tally.mjs" : "tally"} ${args.join(" ")}\n`);
  const run = spawn(process.execPath, [act.isPacked ? join(reports, "package/tally.mjs") : tally, ...args], {
    cwd: folder,
    env: withoutTally(process.env),
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (run.stdout !== null) await show(run.stdout);
  const [code]: (number | null)[] = run.exitCode === null ? await once(run, "exit") : [run.exitCode];
  return code ?? null;
}

/** Makes the bundle and takes it apart, as whoever gets it does. */
function pack(): void {
  const bundle = relative(folder, join(reports, "suite.tgz"));
  const args = ["pack", "--format", "bundle", "--force", "--out", bundle];
  console.log(`\n   $ tally ${args.join(" ")} && tar -xzf ${bundle}\n`);
  const env = withoutTally(process.env);
  process.stdout.write(execFileSync(process.execPath, [tally, ...args], { cwd: folder, env }));
  execFileSync("tar", ["-xzf", join(reports, "suite.tgz"), "-C", reports]);
}

/** The demo is the same whatever the shell has set for Tally; colours only where someone looks. */
function withoutTally(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => name !== "ENDPOINT" && !name.startsWith("TALLY_"));
  return { ...Object.fromEntries(kept), TALLY_COLOR: process.stdout.isTTY ? "always" : "never" };
}

/** Prints a run, shortened: paragraphs after the header and the files are failures, lists of failures, or the end. */
async function show(output: NodeJS.ReadableStream): Promise<void> {
  const [header = "", files = "", ...paragraphs] = (await text(output)).trimEnd().split("\n\n");
  console.log(`${header}\n\n${files}`);
  let blocks = 0;
  for (const paragraph of paragraphs) {
    const lines = paragraph.split("\n");
    const first = stripVTControlCharacters(lines[0] ?? "");
    const isList = /^ [✗!] [0-9a-f]{8} /.test(first);
    if (!isList && /^ [✗!] /.test(first) && ++blocks > maxBlocks) continue;
    const shown = isList ? lines.slice(0, maxLines) : lines.filter((line) => !isLongCurl(line));
    const more = isList ? lines.length - shown.length : 0;
    console.log(`\n${shown.join("\n")}${more > 0 ? `\n   … ${more} more` : ""}`);
  }
}

function isLongCurl(line: string): boolean {
  const plain = stripVTControlCharacters(line);
  return plain.startsWith("   curl ") && plain.length > 80;
}

/**
 * All benchmarks, one after the other, each with its contestants interleaved: `node bench/run.ts [--quick] [name…]`.
 * Tables go to stdout and, between their markers, into RESULTS.md; what is written around the markers stays.
 */
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { benchFolder } from "./kit/processes.ts";
import { benchPython, peerVersions } from "./kit/python.ts";
import { type Benchmark, sectionMarkdown, Skipped } from "./kit/report.ts";

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  "start-up": () => import("./start-up.ts"),
  "thousand-tests": () => import("./thousand-tests.ts"),
  "node-endpoint": () => import("./node-endpoint.ts"),
  "million-records": () => import("./million-records.ts"),
  "serve-node": () => import("./serve-node.ts"),
  "serve-python": () => import("./serve-python.ts"),
  "first-minutes": () => import("./first-minutes.ts"),
  image: () => import("./image.ts"),
  "json-array": () => import("./json-array.ts"),
};

const words = process.argv.slice(2);
const quick = words.includes("--quick");
const names = words.filter((word) => !word.startsWith("--"));
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0 || words.some((word) => word.startsWith("--") && word !== "--quick")) {
  console.error(`usage: node bench/run.ts [--quick] [${Object.keys(benchmarks).join("|")} …]`);
  process.exit(2);
}
if (!existsSync(new URL("../dist/launch.js", import.meta.url))) {
  console.error("dist/ is not there: npm run build");
  process.exit(2);
}
mkdirSync(`${benchFolder}.work`, { recursive: true });

write("machine", machine());
for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
  const began = performance.now();
  process.stderr.write(`${name} …\n`);
  write(name, await tablesOf(name));
  process.stderr.write(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
}

async function tablesOf(name: string): Promise<string> {
  try {
    const benchmark = await benchmarks[name]?.();
    return ((await benchmark?.run({ quick })) ?? []).map(sectionMarkdown).join("\n\n");
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    process.stderr.write(`skipped: ${error.message}\n`);
    return `Skipped: ${error.message}`;
  }
}

/** Puts the text between the markers of RESULTS.md; adds them at the end when they are not there. */
function write(name: string, text: string): void {
  console.log(`${text}\n`);
  const file = `${benchFolder}RESULTS.md`;
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const before = existsSync(file) ? readFileSync(file, "utf8") : "# Results\n";
  const start = before.indexOf(from);
  const end = before.indexOf(to);
  const block = `${from}\n\n${text}\n\n${to}`;
  const after =
    start === -1 || end === -1
      ? `${before.trimEnd()}\n\n${block}\n`
      : before.slice(0, start) + block + before.slice(end + to.length);
  writeFileSync(file, after);
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const lines = [
    `${new Date().toISOString().slice(0, 10)}${quick ? ", --quick" : ""} · ${availableParallelism()} × ${cpu?.model ?? "unknown"} · ${memory} GiB · ${process.platform} ${release()} · Node ${process.versions.node} · undici, Fastify and all else as in package-lock.json`,
  ];
  try {
    lines.push(peerVersions(benchPython()));
  } catch (error) {
    lines.push(`no Python: ${error instanceof Error ? error.message : String(error)}`);
  }
  return lines.join("  \n");
}

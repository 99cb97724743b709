/** What a delivered suite can do to the machine that it runs on. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { deliveredSuite } from "../kit/archive.ts";
import { contract } from "../kit/length-model.ts";
import { newerNode } from "../kit/newer-node.ts";
import { project } from "../kit/project.ts";

/** Tries what a test must not do; passes when it was refused with this code. */
const suite = (port: number, secret: string): string => `
import { spawnSync, fork } from "node:child_process";
import fs, { promises } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import { Worker } from "node:worker_threads";
import { expect, operation, test } from "tallyml";
const process_ = operation("process");
async function refused(attempt, code = "ERR_ACCESS_DENIED") {
  let found = "it worked";
  try { await attempt(); } catch (error) { found = error.code ?? error.cause?.code ?? error.message; }
  expect(found).toBe(code);
}
const connect = () => new Promise((resolve, reject) => net.connect(${port}, "127.0.0.1", resolve).on("error", reject));
test("asks its operation", async () => { expect(await process_({ text: "abc" })).toTally({ length: 3 }); });
test("reads its own files", () => { expect(fs.readFileSync("cases/process.jsonl", "utf8")).toContain("short"); });
test("reads no other file", () => refused(() => fs.readFileSync(${JSON.stringify(secret)})));
test("reads no other file by promise", () => refused(() => promises.readFile(${JSON.stringify(secret)})));
test("reads no other file over a link", () => refused(() => fs.readFileSync("/proc/self/environ")));
test("reads no other file over dots", () => refused(() => fs.readFileSync("../../../../../../../../../../etc/hosts")));
test("sees no other folder", () => refused(() => fs.readdirSync("/")));
test("requires no other file", () => refused(() => createRequire(import.meta.url)(${JSON.stringify(secret)})));
test("writes nothing", () => refused(() => fs.writeFileSync("written.txt", "")));
test("writes nothing elsewhere", () => refused(() => fs.mkdtempSync("/tmp/x")));
test("links nothing", () => refused(() => fs.symlinkSync("/etc", "etc")));
test("starts no program", () => refused(() => spawnSync("id")));
test("starts no Node", () => refused(() => fork("x.mjs")));
test("starts no thread", () => refused(() => new Worker("1", { eval: true })));
test("loads no native code", () => refused(() => process.dlopen({ exports: {} }, "/x.node"), "ERR_DLOPEN_DISABLED"));
test("sends no signal", () => refused(() => process.kill(process.ppid, "SIGUSR1")));
test("knows no secret of the environment", () => { expect(Object.keys(process.env).filter((name) => /TOKEN|SECRET|KEY/.test(name))).toEqual([]); });
test("opens no socket where Node can refuse it", () => refused(connect, process.versions.node.startsWith("24.") ? "it worked" : "ERR_ACCESS_DENIED"));
`;

const model = {
  process: ({ text }: Readonly<Record<string, unknown>>) => ({
    length: String(text).length,
    half: String(text).length / 2,
    label: null,
  }),
};

const silent = createServer((socket) => socket.end());
beforeAll(() => new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve)));
afterAll(() => void silent.close());

function delivered(): ReturnType<typeof project> {
  const made = project({ "secret.txt": "mine" });
  const { port } = silent.address() as AddressInfo;
  const files = deliveredSuite({
    "tally.toml": contract,
    "tests/evil.test.ts": suite(port, join(made.root, "secret.txt")),
    "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
  });
  made.write(Object.fromEntries([...files].map(([path, content]) => [`suite/${path}`, content])));
  return made;
}

test.for<[string, string | undefined]>([
  ["this Node", process.execPath],
  ["the Node of images, which fences the network too", newerNode],
])("a delivered suite reads itself, asks its endpoint, and nothing else: %s", async ([, node], context) => {
  if (node === undefined) return context.skip("no Node 26 on this machine");
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await fauxModel(model));
  const here = delivered();
  const { exit, stderr, stdout } = await here.tally(["test", "--suite", "suite", "--reporter", "ndjson"], {
    node,
    env: { ENDPOINT: url, MY_TOKEN: "x", TALLY_SECRET_KEY: "y" },
  });
  const events = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const judged = events.filter(({ type }) => type === "test-judged");
  expect(
    judged
      .filter(({ verdict }) => verdict !== "pass")
      .map(({ failures, fault, id }) => [id, failures[0]?.message ?? fault]),
  ).toEqual([]);
  expect(judged).toHaveLength(19);
  expect(stderr).toBe("");
  expect(exit).toBe(0);
  expect(existsSync(join(here.root, "suite/written.txt"))).toBe(false);
  expect(existsSync(join(here.root, ".tally/runs"))).toBe(true);
  expect(existsSync(join(here.root, "suite/.tally"))).toBe(false);
});

test("a suite at home is not fenced in", async () => {
  const here = project({
    "tally.toml": contract,
    "tests/a.test.ts": `import { readFileSync } from "node:fs";\nimport { test } from "tallyml";\ntest("reads", () => void readFileSync("/etc/hosts"));\n`,
  });
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await fauxModel(model));
  expect((await here.tally(["test"], { env: { ENDPOINT: url } })).exit).toBe(0);
  expect(spawnSync("true").status).toBe(0);
});

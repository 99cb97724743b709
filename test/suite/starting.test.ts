import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { tell } from "../kit/events.ts";
import { freePort } from "../kit/free-port.ts";
import { withTests } from "../kit/length-model.ts";
import { normal, project } from "../kit/project.ts";

const suite = `test("three", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });`;

/** A production server in plain Node that takes its time to be ready. */
const server = `
import { createServer } from "node:http";
const port = Number(process.argv[2]);
let ready = false;
setTimeout(() => { ready = true; }, 300);
createServer((request, response) => {
  if (request.url === "/health") { response.statusCode = ready ? 200 : 503; return response.end(); }
  if (request.method === "GET") { response.statusCode = 404; return response.end(); }
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => response.end(JSON.stringify(JSON.parse(body).map(({ text }) => ({ length: [...text].length, half: 1, label: null })))));
}).listen(port, "127.0.0.1", () => console.log("model loaded"));
`;

test("--start starts a program, waits until it is ready, keeps its log and stops it", async () => {
  const made = project({ ...withTests(suite), "server.mjs": server });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { events, exit } = await tell(made, ["-e", url, "--start", `${process.execPath} server.mjs ${port}`]);
  expect(exit).toBe(0);
  expect(events.filter((event) => event.type === "log")).toEqual([
    { type: "log", source: "start", text: "model loaded" },
  ]);
  await expect(fetch(url)).rejects.toThrow();
});

test("a program that ends at once is said with its last words", async () => {
  const made = project(withTests(suite));
  const { exit, stderr } = await made.tally([
    "test",
    "-e",
    "http://127.0.0.1:9",
    "--start",
    "node -e 'process.exit(3)'",
  ]);
  expect(exit).toBe(3);
  expect(normal(stderr, made.root)).toMatchInlineSnapshot(`
    "error[start-failed]: The program of --start ended before it answered (node -e 'process.exit(3)': ended with status 3).
      hint: Run it by hand and read what it says: node -e 'process.exit(3)'
      more: docs/reference/errors.md#start-failed
    "
  `);
});

test("a server that is left over is not judged in place of the one that --start names", async () => {
  const made = project(withTests(suite));
  await using old = await fauxModel({ process: () => ({ length: 3, half: 1.5, label: null }) });
  const { exit, stderr } = await made.tally(["test", "-e", old.url, "--start", "node server.mjs"]);
  expect(exit).toBe(3);
  expect(normal(stderr, made.root)).toMatchInlineSnapshot(`
    "error[start-already-up]: Something already answers at http://127.0.0.1:<port>; the program of --start was not started (node server.mjs).
      hint: End what runs there, or leave --start out to test that.
      more: docs/reference/errors.md#start-already-up
    "
  `);
});

test("a run whose program of --start ended before it is not green", async () => {
  const slow = `${suite} test("waits", async () => { await new Promise((resolve) => setTimeout(resolve, 1500)); });`;
  const made = project({
    ...withTests(slow),
    "server.mjs": server.replace("let body", "setTimeout(() => process.exit(9), 300); let body"),
  });
  const port = await freePort();
  const start = `${process.execPath} server.mjs ${port}`;
  const { ended, exit, verdicts } = await tell(made, [
    "-e",
    `http://127.0.0.1:${port}`,
    "--start",
    start,
    "--gather-check",
    "off",
  ]);
  expect(verdicts).toEqual({ three: "pass", waits: "pass" });
  expect({ exit, told: ended.exit, code: ended.problem?.code, detail: ended.problem?.detail }).toEqual({
    exit: 3,
    told: 3,
    code: "start-failed",
    detail: "model loaded",
  });
});

test("nor is one whose program falls over its last request", async () => {
  const falls = server.replace(
    'request.on("end", () => response.end(',
    'response.on("finish", () => setImmediate(() => process.exit(9))); $&',
  );
  const made = project({ ...withTests(suite), "server.mjs": falls });
  const port = await freePort();
  const start = `${process.execPath} server.mjs ${port}`;
  const address = `http://127.0.0.1:${port}`;
  const { exit, verdicts } = await tell(made, ["-e", address, "--start", start, "--gather-check", "off"]);
  expect({ exit, verdicts }).toEqual({ exit: 3, verdicts: { three: "pass" } });
});

test("--wait waits for an endpoint that comes up late", async () => {
  const made = project(withTests(suite));
  const port = await freePort();
  const running = made.start(["test", "-e", `http://127.0.0.1:${port}`, "--wait", "10s"]);
  await new Promise((resolve) => setTimeout(resolve, 700));
  await using _ = await fauxModel(
    { process: ({ text }) => ({ length: String(text).length, half: 1, label: null }) },
    { port },
  );
  expect((await running.ended).exit).toBe(0);
});

test("the address comes from the flag, else from ENDPOINT, else from the contract, else it is the connector", async () => {
  const made = project(withTests(suite));
  const model = (name: string) =>
    fauxModel(
      { process: ({ text }) => ({ length: String(text).length, half: 1, label: null }) },
      { description: { tally: 1, name } },
    );
  await using a = await model("flag");
  await using b = await model("variable");
  await using c = await model("contract");
  const asked = async (args: readonly string[], env: Record<string, string>): Promise<unknown> => {
    const started = (await tell(made, args, { env })).events.find((event) => event.type === "run-started");
    return started?.type === "run-started" ? started.endpoints[0]?.name : undefined;
  };
  expect(await asked([], {})).toBe("lengths");
  const toml = `${withTests("")["tally.toml"]}\n[endpoints]\ndefault = "${c.url}"\nnamed = "${a.url}"\n`;
  made.write({ "tally.toml": toml });
  expect(await asked([], {})).toBe("contract");
  expect(await asked([], { ENDPOINT: b.url })).toBe("variable");
  expect(await asked([], { TALLY_ENDPOINT: b.url })).toBe("variable");
  expect(await asked(["-e", a.url], { ENDPOINT: b.url })).toBe("flag");
  expect(await asked(["-e", "named"], {})).toBe("flag");
});

test("--watch runs again after a change, and when the endpoint comes back", async () => {
  const made = project(withTests(suite));
  const port = await freePort();
  const answer = { process: ({ text }: { text?: unknown }) => ({ length: String(text).length, half: 1, label: null }) };
  const running = made.start(["test", "--watch", "-e", `http://127.0.0.1:${port}`]);
  await running.says(/exit 3 · waiting/);
  const model = await fauxModel(answer, { port });
  await running.says(/1 passed/);
  mkdirSync(join(made.root, "tests"), { recursive: true });
  writeFileSync(join(made.root, "tests/b.test.ts"), `import { test } from "tallyml"; test("second", () => {});`);
  await running.says(/2 passed/);
  await model.close();
  running.child.kill("SIGINT");
  expect((await running.ended).exit).toBe(130);
});

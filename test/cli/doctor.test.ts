import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connector, contract } from "../kit/length-model.ts";
import { normal, project, type Project } from "../kit/project.ts";

const files = {
  "tally.toml": contract,
  "connector.ts": connector,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};

async function doctor(suite: Project, ...args: string[]): Promise<string> {
  const { exit, stderr, stdout } = await suite.tally(["doctor", ...args]);
  return normal(`${stdout}${stderr}exit ${exit}`, suite.root).replaceAll(/Node \d+\.\d+\.\d+/g, "Node <version>");
}

/** An endpoint whose operations answer what `answer` makes of the records. */
async function serve(answer: (operation: string, records: readonly unknown[]) => unknown): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (request.method !== "POST") return void response.writeHead(404).end();
      const said = answer((request.url ?? "").slice(1), JSON.parse(Buffer.concat(parts).toString()));
      if (said === undefined) response.writeHead(501).end();
      else response.end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a project in good order has nothing to repair", async () => {
  expect(await doctor(project(files))).toMatchInlineSnapshot(`
    " ✓ tally        0.1.0 on Node <version>
     ✓ contract     tally.toml: lengths, process, inference
     ✓ suite        0 test files, 1 case table
     ✓ connector    connector.ts
     ✓ start        defines process, inference; up in <time>

     everything a run needs is here
    exit 0"
  `);
});

test("a Python connector is looked at from interpreter to operations", async () => {
  const suite = project({
    "tally.toml": `[model]\nname = "m"\n[connector]\npython = "connector.py"\n[operations.process]\ninput = { query = "string" }\noutput = { length = "int" }\n`,
    "connector.py": `from tallyml import Model\nmodel = Model("m")\n@model.operation\ndef process(records):\n    return [{"length": len(r["query"])} for r in records]\n`,
    "cases/process.jsonl": `{"input":{"query":"a"}}\n`,
  });
  const said = await doctor(suite);
  expect(
    said
      .replace(/(interpreter\s+)\S+, Python [\d.]+ \(from .*\)/, "$1<python>")
      .replace(/tallyml [\d.]+/, "tallyml <version>"),
  ).toMatchInlineSnapshot(`
    " ✓ tally        0.1.0 on Node <version>
     ✓ contract     tally.toml: m, process
     ✓ suite        0 test files, 1 case table
     ✓ connector    connector.py
     ✓ interpreter  <python>
     ✓ sdk          tallyml <version>, which comes with this Tally
     ✓ start        defines process; up in <time>

     everything a run needs is here
    exit 0"
  `);
});

test("without a contract there is one thing to repair", async () => {
  expect(await doctor(project({}))).toMatchInlineSnapshot(`
    " ✓ tally        0.1.0 on Node <version>
     ✗ contract     error[contract-missing]: No tally.toml in <root> or any folder above it.
                    hint: Begin with tally init, or go to the model's folder.
     – all else     needs the contract

     1 thing to repair
    exit 2"
  `);
});

test("an endpoint is asked whether it speaks the wire", async () => {
  const good = await serve((operation, records) =>
    operation === "process" ? records.map(() => ({ length: 1, half: 0.5, label: null })) : undefined,
  );
  const bad = await serve((operation, records) =>
    operation === "process" ? records.map(() => ({ length: "1", half: 0.5, label: null })) : [{ long: true, score: 1 }],
  );
  const lines = (said: string): string => said.slice(said.indexOf("endpoint "));
  expect(lines(await doctor(project(files), "-e", good))).toMatchInlineSnapshot(`
    "endpoint     http://127.0.0.1:<port> does not describe itself
     ✓ process      answers [] and two records
     ! inference    not implemented yet

     everything a run needs is here
    exit 0"
  `);
  expect(lines(await doctor(project(files), "-e", bad))).toMatchInlineSnapshot(`
    "endpoint     http://127.0.0.1:<port> does not describe itself
     ✗ process      error[answer-type]: process answers a record that is not what the contract declares: length (type: a number written as text, not an int).
                    hint: Compare it with the contract: tally schema --format markdown
     ✗ inference    error[endpoint-record-count]: Asked http://127.0.0.1:<port>/inference 0 records, got 1.
                    hint: An answer has one record for each record asked, in the same order; use {"$error": …} for one that fails.

     2 things to repair
    exit 1"
  `);
});

test("--json says the same as data", async () => {
  const suite = project({ ...files, "connector.ts": "throw new Error('no weights');\n" });
  const { exit, stdout } = await suite.tally(["doctor", "--json"]);
  const said: { v: number; exit: number; checks: { name: string; status: string; problem?: { code: string } }[] } =
    JSON.parse(stdout);
  expect([exit, said.v, said.exit]).toEqual([4, 1, 4]);
  expect(said.checks.map(({ name, problem, status }) => [name, status, problem?.code])).toMatchInlineSnapshot(`
    [
      [
        "tally",
        "ok",
        undefined,
      ],
      [
        "contract",
        "ok",
        undefined,
      ],
      [
        "suite",
        "ok",
        undefined,
      ],
      [
        "connector",
        "ok",
        undefined,
      ],
      [
        "start",
        "failed",
        "connector-import",
      ],
    ]
  `);
});

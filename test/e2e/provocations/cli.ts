/** What can be wrong with what was typed, and with what a command finds on this machine. */
import { chmodSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { contract, connector } from "../../kit/length-model.ts";
import { fauxModel } from "../../faux/faux-model.ts";
import { oldNode } from "../../kit/old-node.ts";
import type { Provocation } from "./provocation.ts";

const suite = {
  "tally.toml": contract,
  "connector.ts": connector,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};
const bare = { "tally.toml": `[model]\nname = "m"\n`, "cases/smoke.jsonl": `{"operation":"p","input":{}}\n` };

export const cliProvocations: readonly Provocation[] = [
  {
    fact: "a Node before 24",
    codes: ["node-too-old"],
    args: ["--version"],
    exit: 2,
    node: oldNode,
    skip: oldNode === undefined ? "no Node before 24 on this machine" : undefined,
    normal: (text) => text.replace(/Node \d+\.\d+\.\d+\.$/m, "Node <version>."),
  },
  {
    fact: "a clock that throws, which nobody foresaw",
    codes: ["internal"],
    files: {
      ...suite,
      "clock.mjs": `Date.prototype.toISOString = () => { throw new RangeError("the clock is broken"); };\n`,
    },
    arrange: ({ root }) => ({ env: { NODE_OPTIONS: `--import=${root}/clock.mjs` } }),
    args: ["test"],
    exit: 70,
    normal: (text) => text.replaceAll(/( {2}\| {5}at .*\n)+/g, "  |     at <stack>\n"),
  },
  { fact: "a misspelt verb", codes: ["verb-unknown"], args: ["tets"], exit: 2 },
  { fact: "a misspelt flag", codes: ["flag-unknown"], args: ["test", "--endpiont", "http://localhost"], exit: 2 },
  { fact: "a misspelt error code", codes: ["code-unknown"], args: ["explain", "endpoint-unreachabel"], exit: 2 },
  { fact: "types of no operations", codes: ["operations-none"], files: bare, args: ["types"], exit: 2 },
  {
    fact: "types over a file of somebody else",
    codes: ["types-foreign"],
    files: suite,
    args: ["types", "--out", "connector.ts"],
    exit: 2,
  },
  { fact: "completion for a misspelt shell", codes: ["shell-unknown"], args: ["completion", "fsh"], exit: 2 },
  { fact: "a duration without a unit", codes: ["flag-value"], files: suite, args: ["test", "--timeout", "3"], exit: 2 },
  { fact: "a flag at the end without its value", codes: ["flag-without-value"], args: ["test", "--endpoint"], exit: 2 },
  { fact: "an argument where none is taken", codes: ["argument-unexpected"], args: ["schema", "openapi"], exit: 2 },
  { fact: "a replay of nothing", codes: ["argument-missing"], args: ["replay"], exit: 2 },
  {
    fact: "neither a connector nor an endpoint",
    codes: ["endpoint-none"],
    files: bare,
    args: ["test", "--json"],
    exit: 2,
  },
  {
    fact: "a connector where there is none",
    codes: ["connector-none"],
    files: bare,
    args: ["test", "-e", "research=connector", "-e", "production=http://127.0.0.1:1"],
    exit: 2,
  },
  {
    fact: "a program of --start that ends at once",
    codes: ["start-failed"],
    files: suite,
    args: ["test", "--json", "-e", "http://127.0.0.1:9", "--start", "node -e 'process.exit(3)'"],
    exit: 3,
  },
  {
    fact: "--start where something answers already",
    codes: ["start-already-up"],
    files: suite,
    arrange: async (_, stack) => {
      const old = stack.use(await fauxModel({ process: () => ({ length: 3, half: 1.5, label: null }) }));
      return { args: ["-e", old.url] };
    },
    args: ["test", "--json", "--start", "node server.mjs"],
    exit: 3,
  },
  {
    fact: "--last-failed before any run",
    codes: ["last-run-missing"],
    files: suite,
    args: ["test", "--last-failed"],
    exit: 2,
  },
  {
    fact: "a misspelt reporter",
    codes: ["reporter-unknown"],
    files: suite,
    args: ["test", "--reporter", "jnit"],
    exit: 2,
  },
  {
    fact: "the HTML report without a folder",
    codes: ["reporter-path"],
    files: suite,
    args: ["test", "--reporter", "html"],
    exit: 2,
  },
  {
    fact: "an output folder below a file",
    codes: ["out-not-writable"],
    files: { ...suite, report: "this is a file" },
    args: ["test", "--out", "report/here"],
    exit: 2,
  },
  {
    fact: "a replay in a folder without runs",
    codes: ["run-unknown"],
    files: suite,
    args: ["replay", "00000000"],
    exit: 2,
  },
  {
    fact: "a replay from something that is no run",
    codes: ["events-malformed"],
    files: { ...suite, "events.ndjson": `{"type":"run-started","v":1}\n` },
    args: ["replay", "00000000", "--from", "events.ndjson"],
    exit: 5,
  },
  {
    fact: "a replay of a failure that is not in the run",
    codes: ["failure-unknown"],
    files: suite,
    arrange: async (made) => {
      await made.tally(["test"]);
      return {};
    },
    args: ["replay", "00000000"],
    exit: 2,
  },
  {
    fact: "a report of runs of two suites",
    codes: ["runs-differ"],
    files: suite,
    arrange: async (made) => {
      await made.tally(["test", "--reporter", "ndjson=one.ndjson"]);
      made.write({ "cases/more.jsonl": `{"operation":"process","input":{"text":""}}\n` });
      await made.tally(["test", "--reporter", "ndjson=other.ndjson", "cases/more.jsonl"]);
      return {};
    },
    args: ["report", "one.ndjson", "other.ndjson"],
    exit: 2,
  },
  {
    fact: "a report of one run twice",
    codes: ["runs-overlap"],
    files: suite,
    arrange: async (made) => {
      await made.tally(["test", "--reporter", "ndjson=one.ndjson"]);
      return {};
    },
    args: ["report", "one.ndjson", "one.ndjson"],
    exit: 2,
  },
  {
    fact: "a doctor's look at a Python that is too old",
    codes: ["python-old"],
    files: {
      ...suite,
      "tally.toml": `[model]\nname = "m"\n[connector]\npython = "connector.py"\ninterpreter = "./old"\n`,
      "connector.py": "",
      old: `#!/bin/sh\necho '{"python": [3, 8, 10], "sdk": null}'\n`,
    },
    arrange: ({ root }) => {
      chmodSync(join(root, "old"), 0o755);
      return {};
    },
    args: ["doctor"],
    exit: 4,
    normal: (text) => text.replace(/Node \d+\.\d+\.\d+/, "Node <version>"),
  },
  {
    fact: "a doctor's look at an endpoint of other types",
    codes: ["answer-type"],
    files: suite,
    arrange: async (_, stack) => {
      const model = stack.use(await fauxModel({ process: () => ({ length: "three" }), inference: () => ({}) }));
      return { args: ["-e", model.url] };
    },
    args: ["doctor"],
    exit: 1,
    normal: (text) => text.replace(/Node \d+\.\d+\.\d+/, "Node <version>"),
  },
  { fact: "a beginning where something is", codes: ["init-exists"], files: suite, args: ["init"], exit: 2 },
  {
    fact: "a beginning from a misspelt function",
    codes: ["python-target"],
    files: { "model.py": "def score(x: int):\n    return x\n" },
    args: ["init", "--python", "model.py:scroe"],
    exit: 2,
  },
  {
    fact: "a beginning from a sample with ragged rows",
    codes: ["sample-unusable"],
    files: { "sample.csv": "a,b\n1,2\n3\n4,5,6\n" },
    args: ["init", "--sample", "sample.csv"],
    exit: 5,
  },
  {
    fact: "a beginning from a function that refuses the sample",
    codes: ["sample-refused"],
    files: { "model.py": "def score(record: dict):\n    return {'y': record['amount']}\n", "sample.csv": "a\n1\n" },
    args: ["init", "--python", "model.py:score", "--sample", "sample.csv"],
    exit: 4,
  },
  {
    fact: "operations to add where the contract leaves no place",
    codes: ["schema-place"],
    files: {
      "connector.ts": connector,
      "tally.toml": `operations = {}\n[model]\nname = "m"\n[connector]\nnode = "connector.ts"\n`,
      "sample.jsonl": `{"text":"a"}\n`,
    },
    args: ["schema", "--write", "--sample", "sample.jsonl"],
    exit: 2,
  },
  {
    fact: "a port that is taken",
    codes: ["serve-address"],
    files: suite,
    arrange: async (_, stack) => {
      const server = createServer();
      stack.defer(() => new Promise<void>((resolve) => server.close(() => resolve())));
      const port = await new Promise<number>((resolve) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address();
          resolve(typeof address === "object" && address ? address.port : 0);
        });
      });
      return { args: [String(port)] };
    },
    args: ["serve", "--port"],
    exit: 2,
  },
];

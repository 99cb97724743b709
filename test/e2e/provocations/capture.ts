/** What can keep exchanges from becoming cases. */
import type { ErrorCode, ExitCode } from "../../../src/kernel/errors.ts";
import { connector, contract } from "../../kit/length-model.ts";
import type { Provocation } from "./provocation.ts";

const client = `
for (const word of process.argv.slice(2)) {
  const [operation, body] = word.split(/=(.*)/s);
  await fetch(process.env.ENDPOINT + "/" + operation, { method: "POST", headers: { "content-type": "application/json" }, body });
}
process.exit(process.argv.includes("fail") ? 3 : 0);
`;

function capture(
  fact: string,
  code: ErrorCode,
  one: {
    readonly args: readonly string[];
    readonly exit: ExitCode;
    readonly files?: Readonly<Record<string, string>>;
  },
): Provocation {
  const files = { "tally.toml": contract, "connector.ts": connector, "client.mjs": client, ...one.files };
  const normal = (text: string): string => text.replaceAll(process.execPath, "node");
  return { fact, codes: [code], files, args: ["capture", ...one.args], exit: one.exit, normal };
}

const ask = (...words: readonly string[]): readonly string[] => ["--", process.execPath, "client.mjs", ...words];
const record = 'process=[{"text":"a"}]';
const sensitive = contract.replace('text = "string"', 'text = { type = "string", sensitive = true }');
const undeclared = contract.replace(/\[operations[\s\S]*(?=\[suite\])/, "");

export const captureProvocations: readonly Provocation[] = [
  capture("neither a command nor a file to capture", "capture-what", { args: [], exit: 2 }),
  capture("a command and a file to capture", "capture-what", { args: ["--data", "a.csv", ...ask(record)], exit: 2 }),
  capture("a table to capture into that is there", "capture-exists", {
    args: ["--to", "there.jsonl", ...ask(record)],
    files: { "there.jsonl": "" },
    exit: 2,
  }),
  capture("a table to capture into that is no JSONL", "capture-table", {
    args: ["--to", "a.csv", ...ask(record)],
    exit: 2,
  }),
  capture("a table to append to that is torn", "capture-table", {
    args: ["--append", "--to", "torn.jsonl", ...ask(record)],
    files: { "torn.jsonl": `{"name":"x","operation":"process","input":{"te` },
    exit: 2,
  }),
  capture("a command that is not there", "capture-start", { args: ["--", "no-such-program-at-all"], exit: 2 }),
  capture("a command that fails after it has asked", "capture-command", { args: ask(record, "fail"), exit: 1 }),
  capture("a command that asks nothing", "capture-nothing", { args: ["--", process.execPath, "--version"], exit: 5 }),
  capture("records that are all sensitive", "capture-unfit", {
    args: ask(record),
    files: { "tally.toml": sensitive },
    exit: 5,
  }),
  capture("a data file with ragged rows", "capture-data", {
    args: ["--data", "ragged.csv"],
    files: { "ragged.csv": "text,note\na,b\nc\nd,e,f\n" },
    exit: 5,
  }),
  capture("a data file without the fields of any operation", "capture-data", {
    args: ["--data", "other.csv"],
    files: { "other.csv": "query,label\na,1\n" },
    exit: 5,
  }),
  capture("a data file that is not there", "capture-data", { args: ["--data", "none.csv"], exit: 5 }),
  capture("a data file of another kind", "capture-data", {
    args: ["--data", "a.xlsx"],
    files: { "a.xlsx": "" },
    exit: 5,
  }),
  capture("a data file for an operation that is not there", "operation-unknown", {
    args: ["--data", "a.csv", "--operation", "proces"],
    files: { "a.csv": "text\na\n" },
    exit: 2,
  }),
  capture("a data file without declared operations", "capture-undeclared", {
    args: ["--data", "a.csv"],
    files: { "a.csv": "text\na\n", "tally.toml": undeclared },
    exit: 2,
  }),
];

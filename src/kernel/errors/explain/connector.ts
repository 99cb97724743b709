import type { connectorErrors } from "../connector-errors.ts";
import type { Explanations } from "./explanation.ts";

const command = "./build/model";
const operation = "process";
const path = "research/connector.py";
const runtime = ".venv/bin/python";

export const connectorExplanations: Explanations<keyof typeof connectorErrors> = {
  "connector-missing": {
    example: { path },
    when: "The file that `[connector]`, or an address such as `py:connector.py`, names is not there. Paths of the contract count from its folder.",
  },
  "connector-import": {
    example: { path, runtime, reason: "ModuleNotFoundError: No module named 'pandas'" },
    when: "The connector's own code failed while it was imported, in the interpreter that is named; its traceback is shown. Most often a package is installed in another environment: see which one is taken in the [reference of the connector](python.md).",
  },
  "connector-start-timeout": {
    example: { path, runtime, seconds: 30 },
    when: "Importing the connector took longer than 30 s, or than `--wait`.",
  },
  "connector-protocol": {
    example: { path, speaks: "7", expected: 1 },
    when: "The `tallyml` package that the interpreter imports is not the one that ships with this Tally.",
  },
  "connector-interpreter": {
    example: { tried: "python3, py -3" },
    when: "No interpreter was found in any of the places where Tally looks: `[connector] interpreter`, `TALLY_PYTHON`, an active environment, `.venv`, `uv`, the path.",
  },
  "python-old": {
    example: { path: "/usr/bin/python3", version: "3.8.10", oldest: "3.9" },
    when: "`tally doctor` asked the interpreter of the connector for its version, and Tally's Python package does not run on it.",
  },
  "connector-crashed": {
    example: { operation, how: "was ended by SIGKILL", records: 1 },
    when: "The connector's process ended in the middle of a call. The batch is asked again in smaller parts until the record that does it is alone; the others keep their answers.",
  },
  "connector-timeout": {
    example: { operation, seconds: 30, records: 1 },
    when: "A call took longer than `--timeout`. The process is ended and replaced; the record that hangs is found as for a crash.",
  },
  "connector-restarts": {
    example: { path, times: 4 },
    when: "The process ends again and again without having answered anything, so the run stops asking it.",
  },
  "connector-cancelled": {
    example: { operation },
    when: "Ctrl-C or `--max-time` ended the run while the connector was working.",
  },
  "connector-frame": {
    example: { reason: "id 999, not 1" },
    when: "Bytes that are no answer came through the pipe between Tally and the connector's process. Prints do not go there: they are the log.",
  },
  "connector-row-count": {
    example: { operation, message: "2 for 3 records" },
    when: "The operation returned more or fewer rows than it was given. Nothing of the batch is judged, as nobody knows which row belongs to which record.",
  },
  "connector-row-order": {
    example: { operation, message: "row 0 of the answer is that of record 1" },
    when: "The index of the returned DataFrame is a permutation of the one that was passed in: a sort, merge or groupby has moved the rows.",
  },
  "connector-type": {
    example: { operation, message: "field model of row 0 is an object (Map), not a value that JSON can carry" },
    when: "A returned value has no form on the wire, or is not of the type that the contract declares.",
  },
  "contract-conflict": {
    example: {
      contract: "tally.toml",
      connector: path,
      what: "the model's name",
      declared: '"sqli"',
      defined: '"fraud"',
    },
    when: "The connector's code and the contract say different things: the model's name, the order of stages, or an operation that is declared and not defined.",
  },
  "stdio-command": {
    example: { command: "./model 'big", reason: "the ' at character 9 is never closed" },
    when: "The words behind `cmd:` cannot be split.",
  },
  "stdio-start": {
    example: { command, reason: "not found" },
    when: "The program of a `cmd:` address is not there, or may not be executed.",
  },
  "stdio-crashed": {
    example: { command, how: "ended with status 9", operation, records: 1 },
    when: "The program ended instead of answering. The record that does it is found by asking fewer at a time; the others keep their answers.",
  },
  "stdio-timeout": {
    example: { command, operation, seconds: 30, records: 1 },
    when: "The program runs and writes no line. Output to a pipe is buffered: without a flush the answer stays inside of the program.",
  },
  "stdio-restarts": {
    example: { command, times: 4 },
    when: "The program ends whenever it is started, so the run stops asking it.",
  },
  "stdio-cancelled": {
    example: { command, operation },
    when: "Ctrl-C or `--max-time` ended the run while the program was working.",
  },
  "stdio-answer": {
    example: { command, reason: "something that is not JSON", line: "DEBUG got a request" },
    when: "A line on stdout is not the answer to the request: a log line, another `id`, or no JSON.",
  },
  "stdio-error": {
    example: { command, operation, message: "weights are missing" },
    when: 'The program answered `{"id", "error"}` for the whole request.',
  },
  "stdio-count": {
    example: { command, operation, asked: 2, answered: 1 },
    when: "The program answered more or fewer records than it was asked.",
  },
};

/** JSONL case tables: bytes → one raw case for each line, and every line that is none, with its number. */
import { JsonFault } from "../kernel/json-fault.ts";
import { decodeUtf8, readJson } from "../kernel/read-json.ts";
import type { CaseProblems, RawCase } from "./case-row.ts";
import { describeJson, isJsonObject } from "./json-kind.ts";

/** Reads a table; numbers stay as they are written. Blank lines count, but hold no case. */
export function readJsonl(bytes: Uint8Array, problems: CaseProblems): RawCase[] {
  const text = decodeTable(bytes, problems);
  if (text === undefined) return [];
  if (text.trimStart().startsWith("[")) {
    problems.add("case-array", { at: problems.at(1) });
    return [];
  }
  const cases: RawCase[] = [];
  const lines = text.split("\n");
  lines.forEach((source, index) => {
    if (source.trim() === "") return;
    // Only what stands after the last line end can have been cut off.
    const value = readLine(source, index + 1, index === lines.length - 1, problems);
    if (value !== undefined) cases.push(value);
  });
  return cases;
}

const reasons: Readonly<Record<string, string>> = {
  truncated: "the line ends before its object does",
  "bare-token": 'NaN and Infinity are not JSON; write them as texts: "NaN", "Infinity", "-Infinity"',
};

function readLine(source: string, line: number, isLast: boolean, problems: CaseProblems): RawCase | undefined {
  const at = problems.at(line);
  try {
    const value = readJson(source, { numbers: "text" });
    if (isJsonObject(value)) return { line, value };
    problems.add("case-type", { at, key: "a case", expected: "a JSON object", found: describeJson(value) });
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    if (fault.kind === "truncated" && isLast) problems.add("case-torn", { at, began: undefined });
    else {
      problems.add("case-syntax", { at, column: fault.column, reason: reasons[fault.kind] ?? fault.what });
    }
  }
  return undefined;
}

/** The text of a table without a byte order mark; undefined, with a problem, when it is not UTF-8. */
export function decodeTable(bytes: Uint8Array, problems: CaseProblems): string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    problems.add("case-encoding", { at: problems.at(1), reason: "this is UTF-16" });
    return undefined;
  }
  try {
    const text = decodeUtf8(bytes);
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    problems.add("case-encoding", {
      at: problems.at(fault.line),
      reason: `${fault.what} (byte ${fault.byte + 1} of the file)`,
    });
    return undefined;
  }
}

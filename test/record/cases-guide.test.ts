/** docs/guide/cases.md is true: its contract and tables load, and its errors are what Tally says. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { shownPath } from "../../src/kernel/shown-path.ts";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { whyNot } from "../../src/compare/type-check.ts";
import { loadContract } from "../../src/contract/load-contract.ts";
import { readCaseTable } from "../../src/record/read-case-table.ts";

const root = mkdtempSync(join(tmpdir(), "tally-guide-"));
afterAll(() => rmSync(root, { recursive: true }));

const guide = readFileSync(resolve("docs/guide/cases.md"), "utf8");
const blocks = [...guide.matchAll(/```(\w+)(?: (\S+))?\n([\s\S]*?)```/g)].map(([, language, path, content]) => ({
  language,
  path,
  content: content ?? "",
}));

for (const { path, content } of blocks) {
  if (path === undefined) continue;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
const contract = loadContract(join(root, "tally.toml"));

test("the tables of the guide fit its contract", async () => {
  const tables = blocks.filter(({ path }) => path?.startsWith("cases/")).map(({ path }) => path ?? "");
  const read = await Promise.all(tables.map((path) => readCaseTable(join(root, path), contract, whyNot)));
  expect(read.flatMap(({ problems, warnings }) => [...problems, ...warnings])).toEqual([]);
  const shown = read.flatMap(({ rows }) => rows.map(({ id, input, expect: answer }) => ({ id, input, answer })));
  expect(shown).toMatchInlineSnapshot(`
    [
      {
        "answer": {
          "null_values": JsonNumber {
            "text": "2",
          },
        },
        "id": "cases/process.jsonl > counts null words",
        "input": "{"query":"UNION SELECT NULL, null --"}",
      },
      {
        "answer": {
          "entropy": null,
          "length": JsonNumber {
            "text": "0",
          },
        },
        "id": "cases/process.jsonl > an empty query",
        "input": "{"query":""}",
      },
      {
        "answer": {
          "entropy": JsonNumber {
            "text": "2.0",
          },
        },
        "id": "cases/process.jsonl > entropy is about right",
        "input": "{"query":"abcd"}",
      },
      {
        "answer": undefined,
        "id": "cases/process.jsonl > process.jsonl:4",
        "input": "{"query":"café"}",
      },
      {
        "answer": {
          "is_injection": true,
        },
        "id": "cases/inference.csv > a union",
        "input": "{"query":"' UNION SELECT NULL"}",
      },
      {
        "answer": {
          "is_injection": false,
          "score": JsonNumber {
            "text": "0.02",
          },
        },
        "id": "cases/inference.csv > a comma, quoted",
        "input": "{"query":"SELECT a, b FROM t"}",
      },
      {
        "answer": {
          "is_injection": false,
        },
        "id": "cases/inference.csv > empty",
        "input": "{"query":""}",
      },
      {
        "answer": {
          "is_injection": false,
        },
        "id": "cases/inference.csv > the word null",
        "input": "{"query":"null"}",
      },
    ]
  `);
});

test("the faulty table of the guide is told as the guide says", async () => {
  const { problems } = await readCaseTable(join(root, "wrong/process.jsonl"), contract, whyNot);
  const told = problems
    .map(({ code, message }) => `error[${code}]: ${message.replace(`${shownPath(root)}/`, "")}\n`)
    .join("");
  expect(blocks.find(({ language }) => language === "text")?.content).toBe(told);
});

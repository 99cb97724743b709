/** What can be wrong with a case table: the other tables are judged, and nothing of the broken one is lost. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { contract, connector } from "../../kit/length-model.ts";
import type { Provocation } from "./provocation.ts";

const lines = (...rows: readonly string[]): string => rows.map((row) => `${row}\n`).join("");
const good = `{"name":"good","input":{"text":"abc"},"expect":{"length":3}}`;
const suite = {
  "tally.toml": contract.replace("{jsonl,csv}", "{jsonl,csv,xlsx,parquet}"),
  "connector.ts": connector,
  "cases/good/process.jsonl": lines(good),
};

/** The good table is judged beside every broken one. */
function tables(
  fact: string,
  codes: Provocation["codes"],
  files: Readonly<Record<string, string | Uint8Array>>,
): Provocation {
  return { fact, codes, files: { ...suite, ...files }, args: ["test", "--reporter", "ndjson"], exit: 5 };
}

export const caseProvocations: readonly Provocation[] = [
  tables(
    "JSONL tables whose lines cannot be read",
    ["case-array", "case-encoding", "case-syntax", "case-torn", "case-empty"],
    {
      "cases/array/process.jsonl": `[\n${good}\n]\n`,
      "cases/latin/process.jsonl": Buffer.from(`{"input":{"text":"caf\u00e9"}}\n`, "latin1"),
      "cases/quotes/process.jsonl": lines(good, `{'input': {}}`),
      "cases/torn/process.jsonl": `${good}\n{"input":{"te`,
      "cases/blank/process.jsonl": `\n`,
    },
  ),
  tables(
    "CSV tables that are no tables",
    ["case-header", "case-delimiter", "case-ragged", "case-column", "case-torn", "case-syntax"],
    {
      "cases/header/process.csv": `name,input.text,name\n`,
      "cases/semicolons/process.csv": `name;input.text\na;b\n`,
      "cases/ragged/process.csv": `name,input.text\na,b,c\n`,
      "cases/column/process.csv": `name,input.txet\na,b\n`,
      "cases/torn/process.csv": `name,input.text\n"a,b\n`,
      "cases/quote/process.csv": `name,input.text\na "b",c\n`,
    },
  ),
  tables(
    "cases that do not fit the contract",
    [
      "case-key",
      "case-type",
      "case-name",
      "case-operation-missing",
      "case-operation",
      "case-field",
      "case-missing",
      "case-value",
      "case-tolerance",
    ],
    {
      "cases/keys/process.jsonl": lines(
        `{"input":{"text":"a"},"expected":{"length":1}}`,
        `{"input":{"text":"a"},"tags":"smoke"}`,
        `{"name":"twice","input":{"text":"a"}}`,
        `{"name":"twice","input":{"text":"b"}}`,
        `{"input":{"text":"a","txet":"b"}}`,
        `{"input":{}}`,
        `{"input":{"text":"a"},"expect":{"length":"1"}}`,
        `{"input":{"text":"a"},"tolerance":{"label":{"abs":1}}}`,
      ),
      "cases/smoke.jsonl": lines(`{"input":{"text":"a"}}`, `{"operation":"proces","input":{"text":"a"}}`),
    },
  ),
  {
    ...tables("a table with more problems than anybody reads", ["case-more"], {
      "cases/many/process.jsonl": "1\n".repeat(102),
    }),
    // The first of a hundred that are alike.
    normal: (text) => text.replaceAll(/error\[case-type\]: \S+:(?!1:)\d+: .*\n.*\n.*\n/g, ""),
  },
  {
    ...tables("files that are no tables", ["case-format", "case-unreadable"], { "cases/process.xlsx": "PK" }),
    arrange: ({ root }) => {
      symlinkSync(join(root, "nowhere.jsonl"), join(root, "cases/link.jsonl"));
      return {};
    },
  },
  {
    fact: "a CSV whose operations nobody declared",
    codes: ["case-untyped"],
    files: {
      "tally.toml": `[model]\nname = "m"\n[connector]\nnode = "connector.ts"\n`,
      "connector.ts": connector,
      "cases/smoke.csv": `operation,input.text\nprocess,abc\n`,
    },
    args: ["test", "--reporter", "ndjson"],
    exit: 0,
  },
];

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { whyNot } from "../../src/compare/type-check.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { readJson } from "../../src/kernel/read-json.ts";
import { canonicalJson, writeJson } from "../../src/kernel/write-json.ts";
import { foundKeys } from "../../src/record/case-row.ts";
import { readCaseBytes } from "../../src/record/read-case-table.ts";
import { caseLine } from "../../src/record/write-case.ts";

const contract = parseContract(
  `[model]\nname = "m"\n[operations.process]\ninput = { a = "json", b = "string" }\noutput = { x = "json", y = "float64?" }\n`,
  "/nowhere/tally.toml",
);

const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((one) => one.trim() !== "");
const json = fc.jsonValue({ maxDepth: 3 }).map((value) => readJson(JSON.stringify(value), { numbers: "text" }));

test("what is kept is read back as the same case", async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.record({ a: json, b: fc.string({ unit: "binary" }) }),
      fc.record({ x: json }),
      fc.option(text, { nil: undefined }),
      fc.dictionary(fc.constantFrom(...foundKeys), text),
      async (name, input, expected, bug, found) => {
        const one = {
          name,
          operation: "process",
          bug,
          input: writeJson(input),
          expect: expected,
          tolerance: { y: { abs: 0.5 } },
          tags: ["regression"],
          found,
        };
        const line = caseLine(one);
        expect(line).not.toContain("\n");
        const { problems, rows } = await readCaseBytes(
          Buffer.from(`${line}\n`),
          "/nowhere/cases/r.jsonl",
          contract,
          whyNot,
        );
        expect(problems).toEqual([]);
        const [row] = rows;
        expect(row).toMatchObject({ name, operation: "process", tags: ["regression"], tolerance: { y: { abs: 0.5 } } });
        expect(row?.bug).toBe(bug);
        expect(row?.found ?? {}).toEqual({ ...found });
        expect(canonicalJson(readJson(row?.input ?? "", { numbers: "text" }))).toBe(canonicalJson(input));
        expect(canonicalJson({ ...row?.expect })).toBe(canonicalJson(expected));
        expect(caseLine({ ...one, input: row?.input ?? "", expect: row?.expect ?? {} })).toBe(line);
      },
    ),
  );
});

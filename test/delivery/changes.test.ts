import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseContract } from "../../src/contract/load-contract.ts";
import type { Change } from "../../src/delivery/changes/change.ts";
import { changedTests } from "../../src/delivery/changes/changed-tests.ts";
import { diffSuites } from "../../src/delivery/changes/diff-suites.ts";
import type { SuiteOutline } from "../../src/delivery/changes/suite-outline.ts";
import type { CaseRow } from "../../src/record/case-row.ts";

function contractWith(fields: string, more = ""): SuiteOutline["contract"] {
  return parseContract(
    `[model]\nname = "m"\n[operations.process]\ninput = { text = "string" }\noutput = { ${fields} }\n${more}`,
    "/suite/tally.toml",
  );
}

function outline(over: Partial<SuiteOutline>): SuiteOutline {
  return { contract: contractWith('length = "int"'), digest: "", files: new Map(), tables: new Map(), ...over };
}

const type = fc.constantFrom(
  '"float64"',
  '"float64?"',
  '"float32"',
  '"int"',
  '{ type = "float64", rel = 1e-6 }',
  '{ type = "float64", abs = 0.5 }',
  '{ type = "float64", exact = true }',
  '{ type = "string", normalize = ["trim"] }',
  '{ type = "string", normalize = ["trim", "nfc"] }',
  '{ type = "float64", signed_zero = true }',
);
const contract = fc
  .tuple(fc.dictionary(fc.constantFrom("a", "b"), type, { minKeys: 1, noNullPrototype: true }), fc.boolean())
  .map(([fields, second]) =>
    contractWith(
      Object.entries(fields)
        .map(([name, one]) => `${name} = ${one}`)
        .join(", "),
      second ? '[operations.inference]\ninput = "process"\noutput = { yes = "boolean" }\n' : "",
    ),
  );
const row: fc.Arbitrary<CaseRow> = fc.record(
  {
    id: fc.constantFrom("cases/x.jsonl > 1", "cases/x.jsonl > 2", "cases/x.jsonl > 3"),
    name: fc.constant("n"),
    line: fc.nat(),
    operation: fc.constantFrom("process", "inference"),
    input: fc.constantFrom('{"text":"a"}', '{"text": "a"}', '{"text":"b"}'),
    expect: fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom(1, 2, null), { noNullPrototype: true }),
    tolerance: fc.dictionary(fc.constant("a"), fc.constantFrom({ abs: 1 }, { abs: 2 }, { rel: 1 }), {
      noNullPrototype: true,
    }),
    tags: fc.constant([]),
    level: fc.constantFrom("required" as const, "recommended" as const),
    skip: fc.constant("later"),
  },
  { requiredKeys: ["id", "name", "line", "operation", "input", "tolerance", "tags", "level"] },
);
const file = fc
  .dictionary(fc.constantFrom("", "one", "two"), fc.constantFrom("a", "b"), { noNullPrototype: true })
  .map((tests) => ({
    digest: JSON.stringify(tests),
    text: Object.values(tests).join(" "),
    tests: new Map(Object.entries(tests)),
    parts: [],
    makesNames: false,
  }));
const suite: fc.Arbitrary<SuiteOutline> = fc
  .tuple(contract, fc.array(row, { maxLength: 3 }), fc.dictionary(fc.constantFrom("a.test.ts", "b.test.ts"), file))
  .map(([one, rows, files]) =>
    outline({
      contract: one,
      files: new Map(Object.entries(files)),
      tables: new Map([["cases/x.jsonl", { rows: new Map(rows.map((each) => [each.id, each])), isBroken: false }]]),
    }),
  );

const opposite: Readonly<Record<Change["kind"], Change["kind"]>> = {
  added: "removed",
  removed: "added",
  tightened: "loosened",
  loosened: "tightened",
  changed: "changed",
};

test("a suite asks nothing else than itself", () => {
  fc.assert(
    fc.property(suite, (one) => {
      expect(diffSuites(one, one)).toEqual([]);
      expect(changedTests(one, one)).toEqual({ files: new Set(), rows: new Set() });
    }),
  );
});

test("the other way round everything is its opposite", () => {
  fc.assert(
    fc.property(suite, suite, (one, other) => {
      const told = (changes: readonly Change[]): string[] => changes.map(({ at, kind }) => `${kind} ${at}`).toSorted();
      const back = diffSuites(other, one).map((change) => ({ ...change, kind: opposite[change.kind] }));
      expect(told(back)).toEqual(told(diffSuites(one, other)));
    }),
  );
});

test("what a new version asks otherwise of a test or case is selected", () => {
  fc.assert(
    fc.property(suite, suite, (one, other) => {
      const { files, rows } = changedTests(one, other);
      for (const { area, at, kind } of diffSuites(one, other)) {
        if (kind === "removed") continue;
        if (area === "cases") expect(rows).toContain(at);
        if (area === "tests") expect(files).toContain(at.split(" > ")[0]);
      }
    }),
  );
});

test("an operation that changed selects its cases, those behind it, and the files that name it", () => {
  const more =
    '[operations.inference]\nafter = "process"\ninput = { text = "string" }\noutput = { yes = "boolean" }\n[operations.other]\ninput = { text = "string" }\noutput = { x = "int" }\n';
  const rows = new Map(
    ["process", "inference", "other"].map((operation): [string, CaseRow] => [
      operation,
      { id: operation, name: operation, line: 1, operation, input: "{}", tolerance: {}, tags: [], level: "required" },
    ]),
  );
  const of = (text: string) => ({ digest: text, text, tests: new Map(), parts: [], makesNames: false });
  const files = new Map([
    ["a.test.ts", of('operation("process")')],
    ["b.test.ts", of('operation("other")')],
    ["c.test.ts", of("operation(name)")],
    ["test_d.py", of("def test_it(inference): ...")],
  ]);
  const at = (fields: string): SuiteOutline =>
    outline({ contract: contractWith(fields, more), files, tables: new Map([["t", { rows, isBroken: false }]]) });
  const changed = changedTests(at('length = "int"'), at('length = "int64"'));
  expect([...changed.rows]).toEqual(["process", "inference"]);
  expect([...changed.files]).toEqual(["a.test.ts", "c.test.ts", "test_d.py", "t"]);
});

test.each([
  ['"float64"', '{ type = "float64", rel = 1e-12 }', "tightened", "rel 1e-9 → rel 1e-12"],
  ['{ type = "float64", abs = 0.1 }', '{ type = "float64", abs = 0.2 }', "loosened", "abs 0.1 → abs 0.2"],
  ['"float64"', '{ type = "float64", exact = true }', "tightened", "rel 1e-9 → exact"],
  ['"float64"', '{ type = "float64", ulp = 1 }', "changed", "rel 1e-9 → ulp 1"],
  ['"int"', '"int?"', "loosened", "int → int?"],
  ['"int"', '"int64"', "changed", "int → int64"],
  ['"string"', '{ type = "string", normalize = ["trim"] }', "loosened", "normalize nothing → trim"],
] as const)("%s to %s is %s", (before, after, kind, what) => {
  const changes = diffSuites(
    outline({ contract: contractWith(`a = ${before}`) }),
    outline({ contract: contractWith(`a = ${after}`) }),
  );
  expect(changes).toEqual([{ kind, area: "operations", at: "process.a", what }]);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { baselineText } from "../../src/suite/baseline/baseline-text.ts";
import { readBaseline } from "../../src/suite/baseline/read-baseline.ts";
import { type BaselineEntry, patternOf, signatureOf, testMatcher } from "../../src/verdict/baseline.ts";

const folder = mkdtempSync(join(tmpdir(), "tally-baseline-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "tally.baseline.toml");

function readBack(text: string) {
  writeFileSync(file, text);
  return readBaseline(file);
}

const words = fc.string({ unit: "binary", minLength: 1 }).filter((text) => /\S/.test(text));
/** What a run writes down: signatures of real failures, ids of any characters, half surrogates among them. */
const entry: fc.Arbitrary<BaselineEntry> = fc
  .record({
    id: fc
      .array(fc.integer({ min: 0x20, max: 0xffff }), { minLength: 1, maxLength: 12 })
      .map((units) => `t > ${String.fromCharCode(...units)}`),
    reason: words,
    owner: words,
    expires: fc.constantFrom("2027-01-31", "2028-02-29"),
    mismatches: fc.array(
      fc.record({
        operation: fc.constantFrom("process", ""),
        path: fc.string({ unit: "binary" }),
        kind: fc.constantFrom("value" as const, "null" as const),
      }),
      { maxLength: 3 },
    ),
    message: fc.string({ unit: "binary" }),
  })
  .map(({ id, mismatches, message, ...acceptance }) => {
    const reason = mismatches.length > 0 ? "mismatch" : "assertion";
    const signature = signatureOf({ verdict: "fail", reason, mismatches, failures: [{ message }] }, true);
    return { test: patternOf(id), line: 0, ...acceptance, ...signature };
  });

test("what is written is read as it was", () => {
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ test: name }) => name, maxLength: 4 }), (entries) => {
      const read = readBack(baselineText(entries))?.entries.map((one) => ({ ...one, line: 0 }));
      // What TOML cannot hold is written as its replacement, in words for people alone.
      expect(read).toEqual(
        entries.map((one) => ({ ...one, reason: one.reason.toWellFormed(), owner: one.owner.toWellFormed() })),
      );
    }),
  );
});

test("an entry names its test, whatever the name is made of", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1 }), (units) => {
      const id = String.fromCharCode(...units);
      expect(testMatcher(patternOf(id))(id)).toBe(true);
    }),
  );
});

test("comments at the top stay, and a day may stand without quotes", () => {
  const one: BaselineEntry = {
    test: "t > a",
    line: 0,
    reason: "because",
    owner: "us",
    expires: "2027-01-31",
    fails: "hook",
    mismatches: [],
  };
  const text = baselineText([one], "# ours\n# both lines\n").replace(/expires = "(.*)"/, "expires = $1");
  const read = readBack(text);
  expect(read?.head).toBe("# ours\n# both lines\n");
  expect(read?.entries[0]?.expires).toBe(one.expires);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  type BaselineEntry,
  isWildcard,
  type Judgeable,
  patternOf,
  sameSignature,
  testMatcher,
} from "../../src/verdict/baseline.ts";
import { BaselineBook } from "../../src/verdict/baseline-book.ts";
import { updatedBaseline } from "../../src/verdict/updated-baseline.ts";

const today = "2026-11-28";
const acceptance = { reason: "known since the port", owner: "payments", expires: "2027-01-31" };

const word = fc.constantFrom("a", "b", "a*", String.raw`a\b`, "c.d", "(e)");
const ids = fc.uniqueArray(
  fc.tuple(word, word).map((parts) => parts.join(" > ")),
  { maxLength: 12 },
);
const field = fc.constantFrom("length", "scores[0].label", "scores[1].label", "");
const kind = fc.constantFrom("value" as const, "missing" as const, "error-versus-value" as const);
const mismatch = fc.record({ operation: fc.constantFrom("process", ""), path: field, kind });
const failing: fc.Arbitrary<Judgeable> = fc.oneof(
  fc
    .array(mismatch, { minLength: 1, maxLength: 4 })
    .map((mismatches): Judgeable => ({ verdict: "fail", reason: "mismatch", mismatches, failures: [] })),
  fc
    .string({ unit: "binary" })
    .map((message): Judgeable => ({ verdict: "fail", reason: "assertion", mismatches: [], failures: [{ message }] })),
);
const outcome = fc.oneof(
  failing,
  failing,
  fc.constantFrom<Judgeable>(
    { verdict: "pass", mismatches: [], failures: [] },
    { verdict: "skip", reason: "skipped", mismatches: [], failures: [] },
  ),
);
const run = ids.chain((list) => fc.tuple(...list.map((id) => fc.tuple(fc.constant(id), outcome))));
const pattern = fc.oneof(
  ids.map(([id = "a > b"]) => patternOf(id)),
  fc.constantFrom("*", "a*", "* > b"),
);
const entry: fc.Arbitrary<BaselineEntry> = fc.record({
  test: pattern,
  reason: fc.constantFrom("one", "two"),
  owner: fc.constant("search"),
  expires: fc.constantFrom("2026-11-27", today, "2027-06-01"),
  line: fc.nat(),
  fails: fc.constantFrom("mismatch" as const, "assertion" as const),
  mismatches: fc.array(
    fc.record({ operation: fc.constant("process"), field: fc.constantFrom("length", "scores[].label"), kind }),
    { maxLength: 2 },
  ),
});

/** What a run comes to under a baseline: which tests are known, and what is stale. */
function apply(entries: readonly BaselineEntry[], judged: readonly (readonly [string, Judgeable])[]) {
  const book = new BaselineBook({ entries, file: "tally.baseline.toml", today, messages: true });
  const known = judged.map(([id, one]) => [id, book.judge(id, one, true).known] as const);
  const failed = judged.filter(([id, one]) => one.verdict === "fail" && !book.accepts(id, one, true)).length;
  const stale = book.stale(true).map(({ entry: { test: name }, reason }) => `${reason} ${name}`);
  return { known: known.map(([id, is]) => `${id} ${is}`).toSorted(), failed, stale: stale.toSorted() };
}

function update(entries: readonly BaselineEntry[], judged: readonly (readonly [string, Judgeable])[]) {
  const book = new BaselineBook({ entries, file: "tally.baseline.toml", today, messages: true, renewal: acceptance });
  const open = judged.filter(([id, one]) => one.verdict === "fail" && !book.judge(id, one, true).known);
  for (const [id, one] of judged) if (one.verdict !== "fail") book.judge(id, one, true);
  return { ...updatedBaseline(book), open };
}

test("a baseline that was written from a run accepts exactly that run", () => {
  fc.assert(
    fc.property(run, fc.array(entry, { maxLength: 6 }), (judged, before) => {
      const { entries, lacking, open } = update(before, judged);
      const { failed, stale } = apply(entries, judged);
      expect({ failed, lacking, open, stale }).toEqual({ failed: 0, lacking: [], open: [], stale: [] });
    }),
  );
});

test("writing it a second time changes nothing", () => {
  fc.assert(
    fc.property(run, fc.array(entry, { maxLength: 6 }), (judged, before) => {
      const { entries } = update(before, judged);
      const again = update(entries, judged);
      expect(again.entries).toEqual(entries);
      expect([again.added, again.changed, again.dropped]).toEqual([0, 0, 0]);
    }),
  );
});

test("the order of entries and of tests does not matter", () => {
  const shuffled = fc
    .tuple(run, fc.array(entry, { maxLength: 6 }))
    .chain(([judged, entries]) =>
      fc.tuple(
        fc.constant([judged, entries] as const),
        fc.shuffledSubarray(judged, { minLength: judged.length }),
        fc.shuffledSubarray(entries, { minLength: entries.length }),
      ),
    );
  fc.assert(
    fc.property(shuffled, ([[judged, entries], otherRun, otherEntries]) => {
      expect(apply(otherEntries, otherRun)).toEqual(apply(entries, judged));
    }),
  );
});

test("the pattern of an id names that id alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (id, other) => {
      expect(testMatcher(patternOf(id))(id)).toBe(true);
      expect(testMatcher(patternOf(id))(other)).toBe(id === other);
      expect(isWildcard(patternOf(id))).toBe(false);
    }),
  );
});

test("a failure of another field or kind is not the accepted one", () => {
  const accepted = {
    fails: "mismatch",
    mismatches: [{ operation: "process", field: "length", kind: "value" }],
  } as const;
  const found = (changes: object) =>
    sameSignature(accepted, { fails: "mismatch", mismatches: [{ ...accepted.mismatches[0], ...changes }] });
  expect([found({}), found({ field: "half" }), found({ kind: "missing" }), found({ operation: "inference" })]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("an entry with * stands for 20 tests and no more", () => {
  const off: Judgeable = {
    verdict: "fail",
    reason: "mismatch",
    mismatches: [{ operation: "process", path: "length", kind: "value" }],
    failures: [],
  };
  const wide: BaselineEntry = {
    ...acceptance,
    test: "cases/*",
    line: 4,
    fails: "mismatch",
    mismatches: [{ operation: "process", field: "length", kind: "value" }],
  };
  const of = (count: number) =>
    apply(
      [wide],
      Array.from({ length: count }, (_, i) => [`cases/x.jsonl > ${i}`, off] as const),
    ).stale;
  expect([of(20), of(21)]).toEqual([[], ["baseline-wide cases/*"]]);
});

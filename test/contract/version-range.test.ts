import { expect, test } from "vitest";
import { parseDuration } from "../../src/contract/duration.ts";
import { inRange, parseRange } from "../../src/contract/version-range.ts";

const rows: readonly [string, readonly string[], readonly string[]][] = [
  [">=0.1 <2", ["0.1.0", "1.99.99", "0.2.0-beta.1"], ["0.0.9", "2.0.0"]],
  [">= 0.1  < 2", ["0.1.0"], ["2.0.0"]],
  ["1", ["1.0.0", "1.9.9"], ["0.9.9", "2.0.0"]],
  ["1.2", ["1.2.0", "1.2.9"], ["1.3.0"]],
  ["=1.2.3", ["1.2.3"], ["1.2.4"]],
  [">1", ["2.0.0"], ["1.0.1", "1.9.9"]],
  [">1.2.3", ["1.2.4"], ["1.2.3"]],
  ["<=1.2", ["1.2.9"], ["1.3.0"]],
  ["^1.2.3", ["1.2.3", "1.9.0"], ["1.2.2", "2.0.0"]],
  ["^0.2.3", ["0.2.9"], ["0.3.0", "0.2.2"]],
  ["^0.0.3", ["0.0.3"], ["0.0.4"]],
  ["^0.0", ["0.0.9"], ["0.1.0"]],
  ["^0", ["0.9.9"], ["1.0.0"]],
  ["~1.2.3", ["1.2.9"], ["1.3.0"]],
  ["~1", ["1.9.9"], ["2.0.0"]],
  ["1.x || >=3", ["1.5.0", "3.0.0"], ["2.0.0"]],
  ["*", ["0.0.1", "99.0.0"], []],
];

test.each(rows)("%s holds what it says", (text, inside, outside) => {
  const range = parseRange(text);
  expect(range).toBeDefined();
  expect(inside.filter((version) => !inRange(version, range ?? []))).toEqual([]);
  expect(outside.filter((version) => inRange(version, range ?? []))).toEqual([]);
});

test.each(["newest", "1.2.3.4", ">=", "1 ||", "<>1", ">=a.b"])("%s is no range", (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test("durations have a unit", () => {
  const texts = ["250ms", "3s", "2m", "1.5s", "0s", "3", "3 s", "-3s", "1h", "s", "1e3s", `${"9".repeat(400)}s`];
  expect(texts.map(parseDuration)).toEqual([
    250,
    3000,
    120_000,
    1500,
    0,
    ...Array.from({ length: 7 }, () => undefined),
  ]);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addHistograms, classStart, type Histogram, HistogramCounter, quantile } from "../../src/verdict/histogram.ts";

const size = fc.double({ min: 0, noNaN: true });

function count(values: readonly number[]): Histogram | undefined {
  const counter = new HistogramCounter();
  for (const value of values) counter.add(value);
  return counter.histogram();
}

test("two parts add up to the whole, in whatever order the values came", () => {
  fc.assert(
    fc.property(fc.array(size, { minLength: 1 }), fc.array(size, { minLength: 1 }), (one, other) => {
      const [left, right] = [count(one), count(other)];
      if (left === undefined || right === undefined) throw new Error("nothing was counted");
      expect(addHistograms(left, right)).toEqual(count([...other, ...one].toReversed()));
    }),
  );
});

test("a value lies in its class, to rounding", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (value) => {
      const [only] = count([value])?.classes ?? [];
      expect(value).toBeGreaterThanOrEqual(classStart(only?.at ?? Number.NaN) * (1 - 1e-12));
      expect(value).toBeLessThanOrEqual(classStart((only?.at ?? Number.NaN) + 1) * (1 + 1e-12));
    }),
  );
});

test("memory is bounded by the classes, whatever comes", () => {
  const counter = new HistogramCounter();
  for (const value of [0, -0, 5e-324, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN]) counter.add(value);
  const histogram = counter.histogram();
  expect(histogram?.count).toBe(6);
  expect(histogram?.classes.every(({ at }) => at >= -3240 && at <= 3089)).toBe(true);
});

test("a quantile is at most an eighth off", () => {
  const values = Array.from({ length: 1000 }, (_, i) => i + 1);
  const histogram = count(values);
  if (histogram === undefined) throw new Error("nothing was counted");
  for (const share of [0.05, 0.5, 0.95]) {
    const real = share * 1000;
    expect(Math.abs(quantile(histogram, share) - real) / real).toBeLessThan(0.13);
  }
  expect(quantile(histogram, 1)).toBeGreaterThan(880);
});

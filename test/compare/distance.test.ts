import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareField } from "../../src/compare/compare-field.ts";
import type { Field, Tolerance } from "../../src/contract/contract.ts";
import type { Json } from "../../src/kernel/json-value.ts";

function field(kind: "float64" | "float32" | "int", tolerance: Tolerance): Field {
  return {
    type: { kind, nullable: false },
    tolerance,
    signedZero: false,
    normalize: [],
    order: "list",
    sensitive: false,
  };
}

function distances(of: Field, reference: Json, candidate: Json) {
  const { distances: found, mismatches } = compareField(of, "x", reference, candidate, { distances: true });
  return { found, agrees: mismatches.length === 0 };
}

test("nothing is noted where nobody asked, and of equal numbers", () => {
  expect(compareField(field("float64", {}), "x", 1, 2).distances).toEqual([]);
  expect(distances(field("float64", {}), 1, 1).found).toEqual([]);
  expect(distances(field("float64", {}), "NaN", 1).found).toEqual([]);
});

test("a share is the distance in units of what is allowed; without a tolerance there is none", () => {
  expect(distances(field("float64", { abs: 0.5 }), 1, 2).found).toMatchObject([{ abs: 1, share: 2 }]);
  expect(distances(field("float64", { rel: 0.25, abs: 0.5 }), 2, 3).found).toMatchObject([{ abs: 1, share: 1 }]);
  expect(distances(field("float64", { ulp: 4 }), 1, 1 + 2 * Number.EPSILON).found).toMatchObject([{ share: 0.5 }]);
  expect(distances(field("int", {}), 1, 4).found).toMatchObject([{ abs: 3, share: undefined }]);
});

test("the share says the same as the judgement, to rounding", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
  const size = fc.double({ noNaN: true, min: 1e-9, max: 10 });
  fc.assert(
    fc.property(number, number, size, size, (reference, candidate, abs, rel) => {
      const { agrees, found } = distances(field("float64", { abs, rel }), reference, candidate);
      const [only] = found;
      // What a matcher gives back is not the property's own verdict.
      if (only?.share === undefined) expect(reference === candidate || agrees).toBe(true);
      else if (Math.abs(only.share - 1) > 1e-9) expect(only.share < 1).toBe(agrees);
    }),
    { examples: [[6.4e-323, 6.4e-323, 1e-9, 1e-9]] },
  );
});

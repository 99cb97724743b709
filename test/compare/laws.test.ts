import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareField } from "../../src/compare/compare-field.ts";
import { compareRecord } from "../../src/compare/compare-record.ts";
import { conforms } from "../../src/compare/conforms.ts";
import { compareDecimals, equalDecimals, isWithinExactly, parseDecimal } from "../../src/compare/decimal.ts";
import { ulpsApart32, ulpsApart64 } from "../../src/compare/delta.ts";
import { describeMismatch } from "../../src/compare/describe-mismatch.ts";
import { isWithin } from "../../src/compare/tolerance.ts";
import type { Field, FieldType, Fields } from "../../src/contract/contract.ts";
import { integerRanges, typeNames } from "../../src/contract/type-grammar.ts";
import { type Json, JsonNumber } from "../../src/kernel/json-value.ts";
import { field, listOf, structOf } from "./fields.ts";

const agree = (rule: Field, reference: Json, candidate: Json): boolean =>
  compareField(rule, "x", reference, candidate).mismatches.length === 0;

const numberText = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.bigInt({ min: 0n, max: 10n ** 25n }),
    fc.option(fc.stringMatching(/^\d{1,25}$/u), { nil: undefined }),
    fc.option(fc.integer({ min: -420, max: 420 }), { nil: undefined }),
  )
  .map(([sign, whole, fraction, exponent]) =>
    [sign, whole, fraction === undefined ? "" : `.${fraction}`, exponent === undefined ? "" : `e${exponent}`].join(""),
  );

const anyNumber: fc.Arbitrary<Json> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** 53, 0.1, 1e-323),
  numberText.map((text) => new JsonNumber(text)),
);

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "NaN",
    "Infinity",
    "AAEC",
    "2024-01-02T03:04:05Z",
    "2024-01-02 03:04",
    "2024-02-29",
    "12.50",
    "a",
    "\ud800",
    "__proto__",
  ),
);

const anyJson: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    anyNumber,
    anyText,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom("a", "b", "$error", "__proto__", "toString"), fc.string({ maxLength: 3 })),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

const tolerance = fc.record(
  {
    abs: fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constantFrom(0, 1, 0.01)),
    rel: fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constantFrom(0, 1, 1e-9)),
    ulp: fc.nat(10),
    exact: fc.boolean(),
  },
  { requiredKeys: [] },
);

const anyType: fc.Arbitrary<FieldType> = fc.letrec<{ type: FieldType }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small" },
    fc
      .constantFrom(...typeNames)
      .chain((kind) => fc.record({ kind: fc.constant(kind as FieldType["kind"]), nullable: fc.boolean() })),
    fc.constant<FieldType>({ kind: "category", nullable: false, values: ["a", "b"] }),
    fc.constant<FieldType>({ kind: "decimal", nullable: true, scale: 2 }),
    tie("type").map((items): FieldType => ({ kind: "list", nullable: false, items })),
    fc
      .tuple(tie("type"), tie("type"))
      .map(([a, b]) => structOf({ a: field(a), b: field(b, { threshold: 0.5, decides: "a" }) })),
  ),
})).type;

const anyField: fc.Arbitrary<Field> = fc.record({
  type: anyType,
  tolerance,
  signedZero: fc.boolean(),
  normalize: fc.subarray(["nfc", "trim", "case"] as const),
  order: fc.constantFrom("list", "set", "multiset"),
  sensitive: fc.boolean(),
  threshold: fc.constant(0.5),
  decides: fc.constantFrom("a", "b"),
});

const anyFields: fc.Arbitrary<Fields | undefined> = fc.option(fc.record({ a: anyField, b: anyField }), {
  nil: undefined,
});

const anyOptions = fc.record({
  partial: fc.boolean(),
  tolerance: fc.option(tolerance, { nil: undefined }),
  tolerances: fc.option(fc.dictionary(fc.constantFrom("a", "b", "a[0]", "a[]"), tolerance), { nil: undefined }),
  extra: fc.constantFrom("warn", "error"),
  context: fc.constantFrom("expected", "reference"),
});

describe("comparing", () => {
  test("never throws, for any two values under any fields and options, and can always be described", () => {
    fc.assert(
      fc.property(anyFields, anyJson, anyJson, anyOptions, (fields, reference, candidate, options) => {
        const { mismatches } = compareRecord(fields, reference, candidate, options);
        for (const each of [...mismatches, ...conforms(fields, candidate)]) {
          const line = describeMismatch(each);
          expect(/[\p{Cc}\p{Cs}]/u.test(line)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("never throws for lists and structs of fitting shape", () => {
    const list = fc.array(anyJson, { maxLength: 5 });
    fc.assert(
      fc.property(anyField, list, list, (rule, reference, candidate) => {
        const listed: Field = { ...rule, type: { kind: "list", nullable: false, items: rule.type } };
        compareField(listed, "x", reference, candidate);
      }),
      { numRuns: 500 },
    );
  });

  test("finds every value that is of its type equal to itself", () => {
    fc.assert(
      fc.property(anyFields, anyJson, (fields, value) => {
        fc.pre(conforms(fields, value).length === 0);
        expect(compareRecord(fields, value, value).mismatches).toEqual([]);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(compareField(field("json"), "x", value, value).mismatches).toEqual([]);
      }),
    );
  });

  test("is symmetric where the rule is: abs and ulp, not rel", () => {
    const rules = fc.record({ abs: fc.double({ min: 0, noNaN: true }), ulp: fc.nat(1000) }, { requiredKeys: [] });
    const kind = fc.constantFrom("float32" as const, "float64" as const);
    const nearby = fc
      .tuple(fc.double(), fc.integer({ min: -20, max: 20 }))
      .map(([x, k]) => [x, x * (1 + k * 2 ** -50)] as const);
    fc.assert(
      fc.property(kind, rules, fc.oneof(nearby, fc.tuple(anyNumber, anyNumber)), (type, allowed, [a, b]) => {
        fc.pre(allowed.abs !== undefined || allowed.ulp !== undefined);
        const rule = field(type, { tolerance: allowed });
        expect(agree(rule, a, b)).toBe(agree(rule, b, a));
      }),
      { numRuns: 500 },
    );
  });

  test("of sets and multisets does not see the order", () => {
    const element = fc.integer({ min: 0, max: 6 }).map((x) => x / 2);
    const lists = fc.tuple(fc.array(element, { maxLength: 7 }), fc.array(element, { maxLength: 7 }));
    const shuffled = lists.chain(([a, b]) =>
      fc.tuple(
        fc.constant([a, b]),
        fc.shuffledSubarray(a, { minLength: a.length }),
        fc.shuffledSubarray(b, { minLength: b.length }),
      ),
    );
    const rules = fc.record({
      order: fc.constantFrom("set" as const, "multiset" as const),
      tolerance,
      kind: fc.constantFrom("float64" as const, "json" as const),
    });
    fc.assert(
      fc.property(rules, shuffled, ({ order, tolerance: allowed, kind }, [[a, b], mixedA, mixedB]) => {
        const rule = field(listOf(kind), { order, tolerance: allowed });
        expect(agree(rule, mixedA, mixedB)).toBe(agree(rule, a, b));
      }),
      { numRuns: 500 },
    );
  });

  test("of multisets finds a matching exactly when there is one", () => {
    const element = fc.integer({ min: 0, max: 8 }).map((x) => x / 2);
    const lists = fc
      .integer({ min: 0, max: 5 })
      .chain((n) =>
        fc.tuple(fc.array(element, { minLength: n, maxLength: n }), fc.array(element, { minLength: n, maxLength: n })),
      );
    fc.assert(
      fc.property(fc.constantFrom("float64" as const, "json" as const), lists, (kind, [a, b]) => {
        const rule = field(listOf(kind), { order: "multiset", tolerance: { abs: 1 } });
        const some = permutations(b).some((each) => each.every((value, i) => Math.abs(value - (a[i] ?? 0)) <= 1));
        expect(agree(rule, a, b)).toBe(some);
      }),
      { numRuns: 300 },
    );
  });

  test("of sets asks for a partner for each element", () => {
    const list = fc.array(
      fc.integer({ min: 0, max: 8 }).map((x) => x / 2),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.constantFrom("float64" as const, "json" as const), list, list, (kind, a, b) => {
        const rule = field(listOf(kind), { order: "set", tolerance: { abs: 1 } });
        const covers = (these: number[], those: number[]): boolean =>
          those.every((x) => these.some((y) => Math.abs(x - y) <= 1));
        expect(agree(rule, a, b)).toBe(covers(a, b) && covers(b, a));
      }),
    );
  });
});

describe("integers", () => {
  test("are of a type exactly when BigInt says so, in any spelling", () => {
    const kinds = fc.constantFrom(
      ...(["int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const),
    );
    fc.assert(
      fc.property(kinds, fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }), fc.nat(3), (kind, value, zeros) => {
        const [least, most] = integerRanges[kind] ?? [0n, 0n];
        const spelt = [String(value), `${value}.${"0".repeat(zeros + 1)}`, `${value}${"0".repeat(zeros)}e-${zeros}`];
        for (const text of spelt) {
          expect(conforms({ a: field(kind) }, { a: new JsonNumber(text) }).length === 0).toBe(
            value >= least && value <= most,
          );
        }
      }),
    );
  });
});

describe("ulp distance", () => {
  test("agrees with counting through the bits as BigInt", () => {
    const place = (value: number): bigint => {
      const bits = new DataView(new ArrayBuffer(8));
      bits.setFloat64(0, value);
      const raw = bits.getBigUint64(0);
      return raw >> 63n ? -(raw & (2n ** 63n - 1n)) : raw;
    };
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        const apart = place(a) - place(b);
        expect(ulpsApart64(a, b)).toBe(Number(apart < 0n ? -apart : apart));
      }),
    );
  });

  test("of float32 agrees with counting through the bits", () => {
    const place = (value: number): number => {
      const bits = new DataView(new ArrayBuffer(4));
      bits.setFloat32(0, value);
      const raw = bits.getUint32(0);
      return raw >= 2 ** 31 ? -(raw - 2 ** 31) : raw;
    };
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        expect(ulpsApart32(a, b)).toBe(Math.abs(place(a) - place(b)));
      }),
    );
  });
});

describe("decimals", () => {
  /** The number as an integer multiple of 10^-500. */
  const scaled = (text: string): bigint => {
    const [mantissa = "", exponent = "0"] = text.split("e");
    const [whole = "", fraction = ""] = mantissa.split(".");
    return BigInt(whole + fraction) * 10n ** BigInt(500 + Number(exponent) - fraction.length);
  };
  const signed = (text: string): bigint => (text.startsWith("-") ? -scaled(text.slice(1)) : scaled(text));
  const parsed = (text: string) => parseDecimal(text) ?? { negative: false, digits: "?", exponent: 0n };

  test("are equal and in order exactly when BigInt says so", () => {
    fc.assert(
      fc.property(numberText, numberText, (a, b) => {
        const apart = signed(a) - signed(b);
        expect(equalDecimals(parsed(a), parsed(b))).toBe(apart === 0n);
        expect(compareDecimals(parsed(a), parsed(b))).toBe(apart < 0n ? -1 : apart > 0n ? 1 : 0);
      }),
    );
  });

  test("keep their value when zeros are written around them", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(40), (value, zeros) => {
        expect(equalDecimals(parsed(String(value)), parsed(`${value}${"0".repeat(zeros)}.000e-${zeros}`))).toBe(true);
      }),
    );
  });

  test("lie within abs + rel·|reference| exactly when BigInt says so", () => {
    const small = fc
      .tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: -4, max: 4 }))
      .map(([x, e]) => `${x}e${e}`);
    const bound = fc.tuple(fc.nat(200), fc.integer({ min: -4, max: 1 })).map(([x, e]) => `${x}e${e}`);
    const size = (value: bigint): bigint => (value < 0n ? -value : value);
    fc.assert(
      fc.property(small, small, bound, bound, (r, c, abs, rel) => {
        const allowed = signed(abs) * 10n ** 500n + signed(rel) * size(signed(r));
        const within = size(signed(c) - signed(r)) * 10n ** 500n <= allowed;
        expect(isWithinExactly(parsed(r), parsed(c), { abs: parsed(abs), rel: parsed(rel) })).toBe(within);
        const numbers = { abs: Number(abs), rel: Number(rel) };
        if (numbers.abs + numbers.rel > 0) expect(isWithin(numbers, Number(r), Number(c))).toBe(within);
      }),
      { numRuns: 1000 },
    );
  });
});

function permutations<T>(values: readonly T[]): T[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, i) => permutations(values.toSpliced(i, 1)).map((rest) => [value, ...rest]));
}

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonNumber } from "../../src/kernel/json-value.ts";
import { readJson } from "../../src/kernel/read-json.ts";
import { canonicalJson, RawJson, writeJson, type WritableJson } from "../../src/kernel/write-json.ts";
import { faultOf } from "./json-faults.ts";

describe("writeJson", () => {
  test.each<readonly [string, WritableJson, string]>([
    ["null", null, "null"],
    ["booleans", [true, false], "[true,false]"],
    ["an integer", 42, "42"],
    ["minus zero", [-0, 0], "[-0,0]"],
    ["the shortest form of a double", [0.1 + 0.2, 1e21, 1e-7, 5e-324], "[0.30000000000000004,1e+21,1e-7,5e-324]"],
    ["what is no number in JSON", [Number.NaN, Infinity, -Infinity], '["NaN","Infinity","-Infinity"]'],
    ["an integer of any size", { id: 123456789012345678901234567890n }, '{"id":123456789012345678901234567890}'],
    ["a number as it was written", [new JsonNumber("1.50"), new JsonNumber("1e400")], "[1.50,1e400]"],
    ["ready text", { columns: new RawJson('{"a": [1]}'), n: 1 }, '{"columns":{"a": [1]},"n":1}'],
    ["escapes", '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028', '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\u2028"'],
    ["a surrogate pair", "\u{1f600}", '"\u{1f600}"'],
    ["lone surrogates", ["\ud800", "a\udc00b", "\udc00\ud800"], '["\\ud800","a\\udc00b","\\udc00\\ud800"]'],
    ["a lone surrogate as a key", { "\ud800": 1, "\n": 2 }, '{"\\ud800":1,"\\n":2}'],
    ["an empty list and object", [[], {}], "[[],{}]"],
    ["keys in their order", { b: 1, a: { d: 2, c: 3 } }, '{"b":1,"a":{"d":2,"c":3}}'],
    ["a special number deep inside", [{ a: [{ b: -0 }] }, { a: [{ b: 0 }] }], '[{"a":[{"b":-0}]},{"a":[{"b":0}]}]'],
    ["a string under toJSON", { toJSON: "x" }, '{"toJSON":"x"}'],
  ])("writes %s", (_name, value, text) => {
    expect(writeJson(value)).toBe(text);
  });

  test("128 levels are written, more are a fault, also of a value that contains itself", () => {
    expect(writeJson(nested(128))).toBe("[".repeat(128) + "]".repeat(128));
    expect(faultOf(() => writeJson(nested(129)))?.kind).toBe("depth");
    expect(faultOf(() => writeJson(nested(100_000)))?.kind).toBe("depth");
    const loop: Record<string, WritableJson> = {};
    loop["self"] = loop;
    expect(faultOf(() => writeJson(loop))?.kind).toBe("depth");
  });

  test.each([
    ["undefined", [undefined]],
    ["a key without a value", { a: undefined }],
    ["a hole in a list", Array.from({ length: 1 })],
    ["a function", { a: () => 1 }],
    ["a symbol", [Symbol("s")]],
    ["a Map", { a: new Map([[1, 2]]) }],
    ["a Date", [new Date(0)]],
  ])("%s is refused, not left out", (_name, value) => {
    expect(() => writeJson(value as WritableJson)).toThrow(/no JSON value for/);
  });

  test("what is written is read back the same", () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger(), fc.constant(-0));
    const scalar = fc.oneof(number, fc.string({ unit: "binary" }), fc.boolean(), fc.constant(null));
    const key = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("__proto__", "constructor", "toJSON", "0", "a"),
    );
    const { value } = fc.letrec<{ value: WritableJson }>((tie) => ({
      value: fc.oneof({ depthSize: "small" }, scalar, fc.array(tie("value")), fc.dictionary(key, tie("value"))),
    }));
    fc.assert(
      fc.property(value, (made) => {
        const text = writeJson(made);
        expect(writeJson(readJson(text))).toBe(text);
        expect(canonicalJson(readJson(text))).toBe(canonicalJson(readJson(canonicalJson(readJson(text)))));
      }),
      { numRuns: 500 },
    );
  });

  test("it writes what JSON.stringify writes of values that came from JSON", () => {
    const value = fc.json().map((text): WritableJson => JSON.parse(text));
    fc.assert(
      fc.property(value, (made) => writeJson(made) === JSON.stringify(made)),
      { numRuns: 500 },
    );
  });
});

describe("canonicalJson", () => {
  test("sorts keys by UTF-16 code unit, at every level", () => {
    // By code point U+FF5E would come before U+1F600; by unit the surrogate D83D comes first.
    const value = readJson('{"\uff5e":1,"\u{1f600}":2,"b":{"z":1,"A":2,"10":3,"9":4},"a":[{"y":1,"x":2}],"":0}');
    expect(canonicalJson(value)).toBe(
      '{"":0,"a":[{"x":2,"y":1}],"b":{"10":3,"9":4,"A":2,"z":1},"\u{1f600}":2,"\uff5e":1}',
    );
  });

  test("one value has one text, whatever its spelling", () => {
    const spellings = ['{"a":1.0,"b":[1e2]}', ' { "b" : [ 100 ] , "\\u0061" : 1 } '];
    expect(spellings.map((text) => canonicalJson(readJson(text)))).toEqual(['{"a":1,"b":[100]}', '{"a":1,"b":[100]}']);
  });

  test("numbers that keep their text are written as they stand", () => {
    expect(canonicalJson(readJson("[9007199254740993,1e400,-0]"))).toBe("[9007199254740993,1e400,-0]");
  });
});

function nested(depth: number): WritableJson {
  let value: WritableJson = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

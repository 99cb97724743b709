import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonFault } from "../../src/kernel/json-fault.ts";
import { JsonNumber, type Json } from "../../src/kernel/json-value.ts";
import { decodeUtf8, readJson, readJsonCounted } from "../../src/kernel/read-json.ts";
import { sliceRecords } from "../../src/kernel/slice-json.ts";
import { writeJson } from "../../src/kernel/write-json.ts";
import { invalid, refused, valid } from "./json-cases.ts";
import { faultOf } from "./json-faults.ts";

describe("valid texts", () => {
  test.each(valid)("%s is read as JSON.parse reads it", (_name, text) => {
    expect(plain(readJson(text))).toStrictEqual(JSON.parse(text));
    expect(plain(readJson(text, { numbers: "text" }))).toStrictEqual(JSON.parse(text));
  });

  test.each(valid)("%s is sliced as it stands", (_name, text) => {
    const slice = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    expect(sliceRecords(`[ ${text} ]`)).toEqual({ records: [slice], bareTokens: 0, bom: false });
  });
});

describe("invalid texts", () => {
  test.each(invalid)("%s is refused by JSON.parse too", (_name, text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test("each is refused with what is wrong and where", () => {
    expect(report(invalid)).toMatchInlineSnapshot(`
      "nothing: truncated: unexpected end at line 1, column 1 (byte 0)
      only a space: truncated: unexpected end at line 1, column 2 (byte 1)
      a single quote mark: truncated: unexpected end at line 1, column 2 (byte 1)
      HTML: syntax: unexpected "<" at line 1, column 1 (byte 0)
      a lone letter: syntax: unexpected "a" at line 1, column 1 (byte 0)
      a star: syntax: unexpected "*" at line 1, column 1 (byte 0)
      a form feed: syntax: unexpected U+000C at line 1, column 2 (byte 1)
      a vertical tab: syntax: unexpected U+000B at line 1, column 2 (byte 1)
      a no-break space: syntax: unexpected U+00A0 at line 1, column 2 (byte 1)
      a word joiner: syntax: unexpected U+2060 at line 1, column 2 (byte 1)
      a byte order mark in the middle: syntax: unexpected U+FEFF at line 1, column 2 (byte 1)
      a NUL: syntax: unexpected U+0000 at line 1, column 1 (byte 0)
      a NUL behind a value: trailing: unexpected U+0000 after the end of the value at line 1, column 2 (byte 1)
      a NUL in a list: syntax: unexpected U+0000 at line 1, column 2 (byte 1)
      1 true without a comma: syntax: unexpected "true" at line 1, column 4 (byte 3)
      a colon for a comma: syntax: unexpected ":" at line 1, column 4 (byte 3)
      a list with a comma behind: syntax: unexpected "]" at line 1, column 4 (byte 3)
      a list with two commas behind: syntax: unexpected "," at line 1, column 4 (byte 3)
      two commas: syntax: unexpected "," at line 1, column 4 (byte 3)
      a comma before: syntax: unexpected "," at line 1, column 2 (byte 1)
      only a comma: syntax: unexpected "," at line 1, column 2 (byte 1)
      a comma behind the list: trailing: unexpected "," after the end of the value at line 1, column 4 (byte 3)
      a bracket too many: trailing: unexpected "]" after the end of the value at line 1, column 4 (byte 3)
      a list and a word: trailing: unexpected "x" after the end of the value at line 1, column 6 (byte 5)
      a list closed by a brace: syntax: unexpected "}" at line 1, column 3 (byte 2)
      a list not closed: truncated: unexpected end at line 1, column 5 (byte 4)
      a list of new lines not closed: truncated: unexpected end at line 3, column 4 (byte 11)
      an opening bracket: truncated: unexpected end at line 1, column 2 (byte 1)
      many opening brackets: truncated: unexpected end at line 1, column 7 (byte 6)
      a list opened in an object: truncated: unexpected end at line 1, column 7 (byte 6)
      a closing bracket: syntax: unexpected "]" at line 1, column 1 (byte 0)
      two lists: trailing: unexpected "[" after the end of the value at line 1, column 3 (byte 2)
      lists of one number each: syntax: unexpected "[" at line 1, column 3 (byte 2)
      an object with a comma behind: syntax: unexpected "}" at line 1, column 9 (byte 8)
      an object with two commas behind: syntax: unexpected "," at line 1, column 9 (byte 8)
      two commas between members: syntax: unexpected "," at line 1, column 10 (byte 9)
      only a comma in an object: syntax: unexpected "," at line 1, column 2 (byte 1)
      a key without quotes: syntax: unexpected "a" at line 1, column 2 (byte 1)
      a key in single quotes: syntax: unexpected "'" at line 1, column 2 (byte 1)
      a number as a key: syntax: unexpected "1" at line 1, column 2 (byte 1)
      null as a key: syntax: unexpected "null" at line 1, column 2 (byte 1)
      no colon: syntax: unexpected "b" at line 1, column 6 (byte 5)
      two colons: syntax: unexpected ":" at line 1, column 6 (byte 5)
      a comma for a colon: syntax: unexpected "," at line 1, column 5 (byte 4)
      no value: syntax: unexpected "}" at line 1, column 6 (byte 5)
      no key: syntax: unexpected ":" at line 1, column 2 (byte 1)
      only a key: syntax: unexpected "}" at line 1, column 5 (byte 4)
      two keys in a row: syntax: unexpected "1" at line 1, column 10 (byte 9)
      members without a comma: syntax: unexpected """ at line 1, column 8 (byte 7)
      an object not closed: truncated: unexpected end at line 1, column 7 (byte 6)
      an object closed by a bracket: syntax: unexpected "]" at line 1, column 7 (byte 6)
      an opening brace: truncated: unexpected end at line 1, column 2 (byte 1)
      an opening brace and a quote: truncated: unexpected end at line 1, column 3 (byte 2)
      a closing brace: syntax: unexpected "}" at line 1, column 1 (byte 0)
      an object and a comment: trailing: unexpected "/" after the end of the value at line 1, column 10 (byte 9)
      an object and a line comment: trailing: unexpected "/" after the end of the value at line 1, column 10 (byte 9)
      an object and a hash: trailing: unexpected "#" after the end of the value at line 1, column 10 (byte 9)
      an object twice: trailing: unexpected """ after the end of the value at line 1, column 13 (byte 12)
      a comment inside: syntax: unexpected "/" at line 1, column 6 (byte 5)
      a star in an object: syntax: unexpected "*" at line 1, column 10 (byte 9)
      a key cut short behind a known one: truncated: unexpected end at line 1, column 16 (byte 15)
      a known key without its quote: truncated: unexpected end at line 1, column 21 (byte 20)
      a leading zero: syntax: unexpected "1" at line 1, column 3 (byte 2)
      two zeros: syntax: unexpected "0" at line 1, column 3 (byte 2)
      a negative leading zero: syntax: unexpected "1" at line 1, column 4 (byte 3)
      a plus sign: syntax: unexpected "+" at line 1, column 2 (byte 1)
      two minus signs: syntax: unexpected "-" at line 1, column 3 (byte 2)
      a minus sign alone: syntax: unexpected "]" at line 1, column 3 (byte 2)
      a minus sign and a word: syntax: unexpected "foo" at line 1, column 3 (byte 2)
      a minus sign and a space: syntax: unexpected U+0020 at line 1, column 3 (byte 2)
      minus, point: syntax: unexpected "." at line 1, column 3 (byte 2)
      a leading point: syntax: unexpected "." at line 1, column 2 (byte 1)
      a point alone: syntax: unexpected "." at line 1, column 2 (byte 1)
      a point behind: syntax: unexpected "]" at line 1, column 4 (byte 3)
      a point before an exponent: syntax: unexpected "e3" at line 1, column 4 (byte 3)
      a zero, a point and an exponent: syntax: unexpected "e1" at line 1, column 4 (byte 3)
      two points: syntax: unexpected "." at line 1, column 5 (byte 4)
      an exponent without digits: syntax: unexpected "]" at line 1, column 4 (byte 3)
      an exponent with a sign and no digits: syntax: unexpected "]" at line 1, column 5 (byte 4)
      an exponent with two signs: syntax: unexpected "-" at line 1, column 5 (byte 4)
      two exponents: syntax: unexpected "e3" at line 1, column 5 (byte 4)
      an exponent alone: syntax: unexpected "e1" at line 1, column 2 (byte 1)
      a fraction in an exponent: syntax: unexpected "." at line 1, column 5 (byte 4)
      a hexadecimal number: syntax: unexpected "x42" at line 1, column 3 (byte 2)
      a number with a letter: syntax: unexpected "a" at line 1, column 3 (byte 2)
      a number with a separator: syntax: unexpected "_000" at line 1, column 3 (byte 2)
      a number with a space: syntax: unexpected "0" at line 1, column 4 (byte 3)
      a big integer literal: syntax: unexpected "n" at line 1, column 3 (byte 2)
      digits of another script: syntax: unexpected "１" at line 1, column 2 (byte 1)
      a number cut short: truncated: unexpected end at line 1, column 3 (byte 2)
      a fraction cut short: truncated: unexpected end at line 1, column 3 (byte 2)
      an exponent cut short: truncated: unexpected end at line 1, column 3 (byte 2)
      an exponent's sign cut short: truncated: unexpected end at line 1, column 4 (byte 3)
      a capitalised word: syntax: unexpected "True" at line 1, column 2 (byte 1)
      a word cut short: syntax: unexpected "tru" at line 1, column 2 (byte 1)
      a word cut short by the end: truncated: unexpected end at line 1, column 4 (byte 3)
      a word too long: syntax: unexpected "l" at line 1, column 6 (byte 5)
      undefined: syntax: unexpected "undefined" at line 1, column 2 (byte 1)
      None: syntax: unexpected "None" at line 1, column 2 (byte 1)
      an infinity with a plus: syntax: unexpected "+" at line 1, column 2 (byte 1)
      a minus NaN: syntax: unexpected "NaN" at line 1, column 3 (byte 2)
      an infinity cut short: syntax: unexpected "Infinit" at line 1, column 2 (byte 1)
      inf: syntax: unexpected "inf" at line 1, column 2 (byte 1)
      nan: syntax: unexpected "nan" at line 1, column 2 (byte 1)
      a longer word: syntax: unexpected "NaNs" at line 1, column 2 (byte 1)
      a string not closed: truncated: unexpected end at line 1, column 7 (byte 6)
      a string in single quotes: syntax: unexpected "'" at line 1, column 2 (byte 1)
      an escape not known: syntax: bad escape "\\a" at line 1, column 3 (byte 2)
      an escaped single quote: syntax: bad escape "\\'" at line 1, column 3 (byte 2)
      a hexadecimal escape: syntax: bad escape "\\x" at line 1, column 3 (byte 2)
      an octal escape: syntax: bad escape "\\0" at line 1, column 3 (byte 2)
      a capital U escape: syntax: bad escape "\\U" at line 1, column 3 (byte 2)
      an escape of a letter beyond ASCII: syntax: bad escape "\\é" at line 1, column 3 (byte 2)
      an escape with three digits: syntax: bad escape "\\u00A\\"" at line 1, column 3 (byte 2)
      an escape with a letter beyond f: syntax: bad escape "\\u00AG" at line 1, column 3 (byte 2)
      an escape in braces: syntax: bad escape "\\u{" at line 1, column 3 (byte 2)
      an escape cut short: truncated: unexpected end at line 1, column 7 (byte 6)
      a surrogate cut short: syntax: bad escape "\\uDd\\"" at line 1, column 9 (byte 8)
      a surrogate and a bad escape: syntax: bad escape "\\x" at line 1, column 9 (byte 8)
      a backslash at the end of a string: truncated: unexpected end at line 1, column 6 (byte 5)
      a backslash at the end: truncated: unexpected end at line 1, column 4 (byte 3)
      a raw tab: syntax: unescaped U+0009 in a string at line 1, column 4 (byte 3)
      a raw new line: syntax: unescaped U+000A in a string at line 1, column 4 (byte 3)
      a raw NUL: syntax: unescaped U+0000 in a string at line 1, column 4 (byte 3)
      a raw unit separator: syntax: unescaped U+001F in a string at line 1, column 3 (byte 2)
      a raw control behind an escape: syntax: unescaped U+0001 in a string at line 1, column 5 (byte 4)
      an escape outside of a string: syntax: unexpected "\\" at line 1, column 2 (byte 1)
      two strings: trailing: unexpected """ after the end of the value at line 1, column 5 (byte 4)"
    `);
  });

  test("what the grammar allows and this reader refuses", () => {
    expect(report(refused)).toMatchInlineSnapshot(`
      "a key twice: duplicate-key: duplicate key "a" at line 1, column 8 (byte 7)
      a key twice, apart: duplicate-key: duplicate key "a" at line 1, column 20 (byte 19)
      a key twice, once escaped: duplicate-key: duplicate key "a" at line 1, column 8 (byte 7)
      a key twice behind a known order: duplicate-key: duplicate key "a" at line 1, column 29 (byte 28)
      a key twice deep inside: duplicate-key: duplicate key "c" at line 1, column 20 (byte 19)
      an empty key twice: duplicate-key: duplicate key "" at line 1, column 7 (byte 6)
      __proto__ twice: duplicate-key: duplicate key "__proto__" at line 1, column 16 (byte 15)
      NaN: bare-token: bare NaN, which is not JSON, at line 1, column 2 (byte 1)
      Infinity: bare-token: bare Infinity, which is not JSON, at line 1, column 6 (byte 5)
      -Infinity: bare-token: bare -Infinity, which is not JSON, at line 1, column 4 (byte 3)
      a byte order mark: bom: a byte order mark before the text at line 1, column 1 (byte 0)
      a byte order mark alone: bom: a byte order mark before the text at line 1, column 1 (byte 0)"
    `);
  });

  test.each([...invalid, ...refused])("%s is the same fault to the slicer", (_name, text) => {
    const reader = faultOf(() => readJson(text));
    const slicer = faultOf(() => sliceRecords(text, { bareTokens: false, bom: "error" }));
    expect(slicer).toEqual(reader);
  });

  test.each(valid)("every beginning of %s is a fault or another value", (_name, text) => {
    for (let end = 0; end < text.length; end++) agreesWithParse(text.slice(0, end));
  });
});

describe("depth", () => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

  test("128 levels are read, 129 are not", () => {
    expect(writeJson(readJson(nested(128)))).toBe(nested(128));
    expect(faultOf(() => readJson(nested(129)))).toMatchObject({
      kind: "depth",
      offset: 128,
      what: "nesting deeper than 128 levels",
    });
  });

  test.each([
    ["brackets", "[".repeat(100_000)],
    ["closed brackets", nested(100_000)],
    ["objects", '{"a":'.repeat(100_000)],
    ["lists and objects", '[{"":'.repeat(50_000)],
  ])("100,000 %s are a fault, not a crash", (_name, text) => {
    expect(faultOf(() => readJson(text))?.kind).toBe("depth");
    expect(faultOf(() => sliceRecords(text))?.kind).toBe("depth");
    expect(faultOf(() => readJson(text, { maxDepth: Number.POSITIVE_INFINITY }))?.what).toBe(
      "nesting deeper than 1000 levels",
    );
  });

  test("the limit can be set, up to 1,000", () => {
    expect(faultOf(() => readJson("[[]]", { maxDepth: 1 }))).toMatchObject({ kind: "depth", offset: 1 });
    expect(readJson(nested(1000), { maxDepth: 5000 })).toBeInstanceOf(Array);
  });

  test("siblings do not add up", () => {
    const text = `[${Array.from({ length: 500 }, () => '{"a":[1]}').join(",")}]`;
    expect(writeJson(readJson(text, { maxDepth: 3 }))).toBe(text);
  });
});

describe("numbers", () => {
  test.each([
    ["3", 3],
    ["3.0", 3],
    ["30e-1", 3],
    ["0.3e1", 3],
    ["1e2", 100],
    ["1E15", 1e15],
    ["9007199254740991", 9007199254740991],
    ["-9007199254740991.000", -9007199254740991],
    ["90071992547409910e-1", 9007199254740991],
    ["-0", -0],
    ["-0.0", -0],
    ["-0e5", -0],
    ["0e-999999999999", 0],
    ["0.1", 0.1],
    ["0.1000000000000000000000000", 0.1],
    ["0.10000000000000001", 0.1],
    ["5e-324", 5e-324],
    ["2.2250738585072014e-308", 2.2250738585072014e-308],
    ["1e-7", 1e-7],
    ["1.5e-05", 1.5e-5],
    ["123456789.12345679", 123456789.12345679],
  ])("%s is a plain number", (text, value) => {
    expect(readJson(text)).toBe(value);
    expect(readJson(`[${text}]`)).toEqual([value]);
  });

  test.each([
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "9007199254740993.0",
    "12345678901234567890",
    "1e16",
    "1e22",
    "1.7976931348623157e308",
    "1e400",
    "-1e400",
    "1.5e309",
    "179769313486231580793728971405301e300",
    "0.1234567890123456789",
    "3.14159265358979323846",
    "1e-400",
    "-1e-99999999999999999999",
    "4.9406564584124654e-324",
    "1.2345678e-320",
    "0.99999999999999999",
    "4503599627370497.5",
    `1${"0".repeat(400)}`,
    `0.${"0".repeat(400)}1`,
  ])("%s keeps its text", (text) => {
    expect(readJson(text)).toEqual(new JsonNumber(text));
    expect(writeJson(readJson(text))).toBe(text);
  });

  test("every number keeps its text when texts are asked for", () => {
    const text = '[3,3.0,-0,1e2,{"a":0.10}]';
    expect(readJson(text, { numbers: "text" })).toEqual([
      new JsonNumber("3"),
      new JsonNumber("3.0"),
      new JsonNumber("-0"),
      new JsonNumber("1e2"),
      { a: new JsonNumber("0.10") },
    ]);
    expect(writeJson(readJson(text, { numbers: "text" }))).toBe(text);
  });

  test("every double is read back from its shortest text", () => {
    const seeds = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(seeds, (value) => Object.is(asNumber(readJson(writeJson(value))), value)),
      { numRuns: 3000 },
    );
  });

  test("decimals of every length are the double that Number makes of them", () => {
    const digits = fc.bigInt({ min: 1n, max: 10n ** 19n }).map(String);
    const decimal = fc
      .tuple(digits, fc.nat({ max: 25 }), fc.integer({ min: -30, max: 30 }), fc.boolean())
      .map(spelling);
    const agrees = (text: string): boolean => Object.is(asNumber(readJson(text)), Number(text));
    fc.assert(fc.property(decimal, agrees), { numRuns: 3000 });
  });

  test("decimals half way between two doubles are rounded as Number rounds", () => {
    // 2^53 + 1 and its neighbours divided by powers of two: at most 17 digits, and exactly half way or next to it.
    const halfway = fc.tuple(
      fc.integer({ min: 0, max: 999_999 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 16 }),
    );
    const agrees = ([step, last, scale]: readonly [number, number, number]): boolean => {
      const digits = `${9_007_199_254_740_993n + 2n * BigInt(step)}${last}`;
      const text = `${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
      return Object.is(asNumber(readJson(text)), Number(text));
    };
    fc.assert(fc.property(halfway, agrees), { numRuns: 3000 });
  });
});

describe("bare tokens", () => {
  test("NaN and the infinities are numbers where allowed, and counted", () => {
    const counted = readJsonCounted('[NaN, {"a":Infinity,"b":[-Infinity]}, "NaN"]', { bareTokens: true });
    expect(counted).toEqual({ value: [Number.NaN, { a: Infinity, b: [-Infinity] }, "NaN"], bareTokens: 3, bom: false });
    expect(readJson("-Infinity", { bareTokens: true, numbers: "text" })).toBe(-Infinity);
  });

  test.each(["[-NaN]", "[+Infinity]", "[NaNs]", "[nan]", "[Infinity1]"])("%s stays a fault", (text) => {
    expect(faultOf(() => readJson(text, { bareTokens: true }))?.kind).toBe("syntax");
  });
});

describe("byte order marks", () => {
  test("one before the text is skipped where that is asked for", () => {
    expect(readJsonCounted("\ufeff [1]", { bom: "strip" })).toEqual({ value: [1], bareTokens: 0, bom: true });
    expect(readJsonCounted("[1]", { bom: "strip" }).bom).toBe(false);
    expect(faultOf(() => readJson("\ufeff\ufeff[1]", { bom: "strip" }))).toMatchObject({
      kind: "syntax",
      offset: 1,
      byte: 3,
    });
  });
});

describe("objects", () => {
  test("they inherit nothing, at any width", () => {
    for (const width of [0, 1, 4, 5, 8, 9, 16, 17, 32, 33, 100]) {
      const text = `{${Array.from({ length: width }, (_, key) => `"k${key}":${key}`).join(",")}}`;
      for (let time = 0; time < 3; time++) {
        const object = asObject(readJson(text));
        expect(["toString", "constructor", "__proto__", "hasOwnProperty"].filter((key) => key in object)).toEqual([]);
        expect(writeJson(object)).toBe(text);
      }
    }
  });

  test("__proto__ is a key like any other and changes nothing", () => {
    const object = asObject(readJson('{"__proto__":{"admin":true},"constructor":{"prototype":1}}'));
    expect(Object.getOwnPropertyNames(object)).toEqual(["__proto__", "constructor"]);
    expect("admin" in object).toBe(false);
    expect("admin" in {}).toBe(false);
    expect("prototype" in {}).toBe(false);
    expect(writeJson(object)).toBe('{"__proto__":{"admin":true},"constructor":{"prototype":1}}');
  });

  test("what they inherit from cannot be extended", () => {
    const prototype: unknown = Object.getPrototypeOf(asObject(readJson("{}")));
    expect(Object.isFrozen(prototype)).toBe(true);
    expect(Object.getPrototypeOf(prototype)).toBe(null);
  });

  test("the last of equal keys wins where that is asked for", () => {
    const text = '[{"a":1,"b":2,"\\u0061":3,"c":4},{"a":1,"b":2},{"__proto__":1,"__proto__":2}]';
    expect(writeJson(readJson(text, { duplicateKeys: "last" }))).toBe(
      '[{"a":3,"b":2,"c":4},{"a":1,"b":2},{"__proto__":2}]',
    );
    expect(faultOf(() => readJson(text))?.what).toBe('duplicate key "a"');
  });

  test("objects used as maps, with more keys than are remembered, are read and checked", () => {
    const keys = Array.from({ length: 20_000 }, (_, key) => `"user-${key}":${key}`);
    const text = `{${keys.join(",")}}`;
    for (let time = 0; time < 2; time++) {
      expect(writeJson(readJson(text))).toBe(text);
      expect(sliceRecords(`[${text}]`).records).toEqual([text]);
      const twice = `{${keys.join(",")},"user-19999":0}`;
      expect(faultOf(() => readJson(twice))?.what).toBe('duplicate key "user-19999"');
      expect(faultOf(() => sliceRecords(twice))?.what).toBe('duplicate key "user-19999"');
    }
  });

  test("a fault leaves nothing behind for the next text", () => {
    expect(faultOf(() => readJson('[[[{"a":[1,2,{"b":'))?.kind).toBe("truncated");
    expect(readJson('[[1,2],{"a":[3]}]', { maxDepth: 3 })).toEqual([[1, 2], { a: [3] }]);
  });
});

describe("agreement with JSON.parse", () => {
  test("on every JSON value, in every layout", () => {
    const indented = fc
      .tuple(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, "\t", "\r\n"))
      .map(([value, indent]) => {
        return JSON.stringify(value, null, indent);
      });
    fc.assert(
      fc.property(indented, (text) => {
        expect(plain(readJson(text))).toStrictEqual(JSON.parse(text));
        expect(readJson(writeJson(readJson(text)))).toEqual(readJson(text));
      }),
      { numRuns: 500 },
    );
  });

  test("on valid texts with a few units changed", () => {
    const spoilt = fc.tuple(
      fc.constantFrom(...valid.map(([, text]) => text)),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...spoilers)), {
        minLength: 1,
        maxLength: 3,
      }),
    );
    fc.assert(
      fc.property(spoilt, ([text, changes]) => {
        let changed = text;
        for (const [at, unit] of changes) {
          const place = at % (changed.length + 1);
          changed = changed.slice(0, place) + unit + changed.slice(place + (at % 2));
        }
        agreesWithParse(changed);
      }),
      { numRuns: 3000 },
    );
  });

  test("on long lists of numbers, strings and objects", () => {
    const lists = [17, 16, 15, 100, 5000].flatMap((length) => [
      Array.from({ length }, (_, index) => index / 7),
      Array.from({ length }, (_, index) => [`s${index}`, { index }, [index]]),
    ]);
    for (const list of lists) expect(plain(readJson(JSON.stringify(list)))).toStrictEqual(list);
  });

  test("on lone surrogates, escaped and raw", () => {
    for (const text of ['"\\ud800"', '"\\udc00\\ud800"', '"\ud800"', '"a\udfffb"', '{"\\ud800":"\\uD83D"}']) {
      expect(plain(readJson(text))).toStrictEqual(JSON.parse(text));
    }
  });
});

describe("places", () => {
  test("line, column and byte count what stands before", () => {
    const fault = faultOf(() => readJson('{\r\n "\u00e9": "\u20ac\u{1f600}",\n\r "x" 1}'));
    expect(fault).toMatchObject({ kind: "syntax", what: 'unexpected "1"', line: 4, column: 6, offset: 22, byte: 27 });
    expect(fault?.message).toBe('unexpected "1" at line 4, column 6 (byte 27)');
  });

  test("a long key is cut in the message", () => {
    const key = "k".repeat(100);
    expect(faultOf(() => readJson(`{"${key}":1,"${key}":2}`))?.what).toBe(`duplicate key "${"k".repeat(60)}…"`);
  });
});

describe("UTF-8", () => {
  const bytes = (...list: readonly number[]): Uint8Array => Uint8Array.from(list);

  test("valid bytes are decoded, and a byte order mark stays", () => {
    expect(decodeUtf8(new TextEncoder().encode('\ufeff["\u00e9\u20ac\u{10ffff}"]'))).toBe(
      '\ufeff["\u00e9\u20ac\u{10ffff}"]',
    );
    expect(decodeUtf8(bytes())).toBe("");
  });

  test.each([
    ["a lone continuation byte", bytes(0x22, 0x80, 0x22), 1],
    ["a lead byte without more", bytes(0x61, 0xc3, 0x28), 1],
    ["an overlong slash", bytes(0xc0, 0xaf), 0],
    ["an overlong three-byte form", bytes(0xe0, 0x80, 0xaf), 0],
    ["an overlong four-byte form", bytes(0xf0, 0x80, 0x80, 0xaf), 0],
    ["a surrogate", bytes(0x61, 0x62, 0xed, 0xa0, 0x80), 2],
    ["beyond the last code point", bytes(0xf4, 0x90, 0x80, 0x80), 0],
    ["a byte that is never used", bytes(0x5b, 0x0a, 0xff, 0x5d), 2],
    ["a sequence cut short", bytes(0xe2, 0x82, 0xac, 0xe2, 0x82), 3],
    ["Latin-1 behind two-byte text", bytes(0xc3, 0xa9, 0xe9, 0x22), 2],
  ])("%s is a fault with its byte", (_name, text, byte) => {
    expect(faultOf(() => decodeUtf8(text))).toMatchObject({ kind: "utf8", byte });
  });

  test("the message says which byte and where", () => {
    const fault = faultOf(() => decodeUtf8(bytes(0x5b, 0xc3, 0xa9, 0x0a, 0xff, 0x5d)));
    expect(fault?.message).toBe("byte 0xFF is not UTF-8 at line 2, column 1 (byte 4)");
  });
});

test("a fault is an Error that callers can tell apart", () => {
  const fault = faultOf(() => readJson("["));
  expect(fault).toBeInstanceOf(JsonFault);
  expect(fault).toBeInstanceOf(Error);
  expect(fault?.name).toBe("JsonFault");
});

/** What turns valid texts into invalid or other ones. */
const spoilers = Array.from('[]{}",:\\0-1.eE+tnfu \n\u0000').concat("\ud800");

/** Both read it and agree, or both refuse it; the slicer does as the reader does. */
function agreesWithParse(text: string): void {
  const fault = faultOf(() => readJson(text));
  const sliced = faultOf(() => sliceRecords(`[${text}]`, { bareTokens: false, bom: "error" }));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    expect(fault, text).toBeInstanceOf(JsonFault);
    return;
  }
  if (fault) expect(fault.kind, text).toBe("duplicate-key");
  else expect(plain(readJson(text))).toStrictEqual(parsed);
  expect(sliced?.kind).toBe(fault?.kind);
}

function report(cases: readonly (readonly [string, string])[]): string {
  return cases
    .map(([name, text]) =>
      describeFault(
        name,
        faultOf(() => readJson(text)),
      ),
    )
    .join("\n");
}

function describeFault(name: string, fault: JsonFault | undefined): string {
  return fault ? `${name}: ${fault.kind}: ${fault.message}` : `${name}: read`;
}

/** As JSON.parse makes it: ordinary objects, and every number a double. */
function plain(value: Json): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, plain(inside)]));
}

function asNumber(value: Json): number {
  return value instanceof JsonNumber ? Number(value.text) : Number(value);
}

function asObject(value: Json): { readonly [key: string]: Json } {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof JsonNumber)
    return expect.fail("no object");
  return value as { readonly [key: string]: Json };
}

function spelling([digits, point, exponent, isNegative]: readonly [string, number, number, boolean]): string {
  const padded = digits.padStart(point + 1, "0");
  const whole = padded.slice(0, padded.length - point);
  const fraction = point === 0 ? "" : `.${padded.slice(padded.length - point)}`;
  return `${isNegative ? "-" : ""}${whole}${fraction}${exponent === 0 ? "" : `e${exponent}`}`;
}

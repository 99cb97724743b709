import * as fc from "fast-check";
import { parse, stringify } from "smol-toml";
import { expect, test } from "vitest";
import { lineAndColumn, locateKey } from "../../src/contract/locate-key.ts";

const source = `# a = 1
top = """
a = "no key"
""" # [x]
[a] # [b]
"quoted key" = '# not a comment'
x.y = { k = [1, { deep = "}" }], 'l' = 2 }

[[list]]
n = 1
[list.sub]
m = 1
[[list]]
n = '''
'quoted' ''''
m = [
  1, # comment ]
  [2],
]
"\\u0061\\tb" = 2026-11-22
`;

function placeOf(...path: (string | number)[]): string {
  const place = locateKey(source, path);
  if (place === undefined) return "nowhere";
  const { line, column } = lineAndColumn(source, place.at);
  return `${line}:${column} ${JSON.stringify(source.slice(place.at, place.at + 6))}`;
}

test("keys are found in tables, inline tables, lists, dotted keys and arrays of tables", () => {
  const paths = [
    ["top"],
    ["a"],
    ["a", "quoted key"],
    ["a", "x", "y"],
    ["a", "x", "y", "k", 1, "deep"],
    ["a", "x", "y", "l"],
    ["list", 0, "n"],
    ["list", 0, "sub", "m"],
    ["list", 1, "n"],
    ["list", 1, "m", 1],
    ["list", 1, "a\tb"],
  ];
  expect(paths.map((path) => `${path.join(".")} ${placeOf(...path)}`)).toMatchInlineSnapshot(`
    [
      "top 2:1 "top = "",
      "a 5:2 "a] # ["",
      "a.quoted key 6:1 "\\"quote"",
      "a.x.y 7:3 "y = { "",
      "a.x.y.k.1.deep 7:19 "deep ="",
      "a.x.y.l 7:34 "'l' = "",
      "list.0.n 10:1 "n = 1\\n"",
      "list.0.sub.m 12:1 "m = 1\\n"",
      "list.1.n 14:1 "n = ''"",
      "list.1.m.1 18:3 "[2],\\n]"",
      "list.1.a	b 20:1 "\\"\\\\u006"",
    ]
  `);
});

test("a key that is not written is placed at the table around it", () => {
  expect([placeOf("a", "missing"), placeOf("list", 0, "sub", "missing", 3), placeOf("missing")]).toMatchInlineSnapshot(`
    [
      "5:2 "a] # ["",
      "11:7 "sub]\\nm"",
      "nowhere",
    ]
  `);
});

test("every key of every document that parses is found at a place where it is written", () => {
  const key = fc.string({
    unit: fc.constantFrom("a", "b", " ", ".", "#", "'", '"', "[", "]", "=", "\\", "é"),
    maxLength: 5,
  });
  const leaf = fc.oneof(
    fc.integer(),
    fc.boolean(),
    key,
    fc.array(fc.integer(), { maxLength: 3 }),
    fc.array(key, { maxLength: 3 }),
  );
  const tree = fc.letrec<{ table: object }>((tie) => ({
    table: fc.dictionary(
      key,
      fc.oneof({ weight: 3, arbitrary: leaf }, tie("table"), fc.array(tie("table"), { maxLength: 2 })),
      { maxKeys: 3 },
    ),
  })).table;
  fc.assert(
    fc.property(tree, (value) => {
      const text = stringify(value);
      for (const path of pathsOf(parse(text))) {
        const place = locateKey(text, path);
        const name = path.at(-1);
        if (typeof name === "number") continue;
        // The place begins a spelling of the key itself, not of a table around it.
        const written = text.slice(place?.at);
        const spelling = /^[A-Za-z0-9_-]+/.exec(written)?.[0] ?? /^"(?:[^"\\]|\\.)*"/.exec(written)?.[0] ?? "";
        expect(spelling.startsWith('"') ? Object.keys(parse(`${spelling} = 1`))[0] : spelling).toBe(name);
      }
    }),
    { numRuns: 60 },
  );
});

function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => pathsOf(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [[...path, name], ...pathsOf(inner, [...path, name])]);
}

import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parseContract } from "../../src/contract/load-contract.ts";
import { isTallyError } from "../../src/kernel/errors.ts";

/** Everything a person would be told about a faulty contract. */
function faultOf(source: string, file = "tally.toml"): string {
  try {
    parseContract(source, resolve(file), "0.1.0");
  } catch (error) {
    if (!isTallyError(error)) throw error;
    const { code, exit, message, hint, detail } = error.problem;
    return `error[${code}] (exit ${exit}): ${message}\n${detail ?? "-"}\nhint: ${hint}`;
  }
  return "no fault";
}

test("an empty file lacks the model", () => {
  expect(faultOf(``)).toMatchInlineSnapshot(`
    "error[contract-key-missing] (exit 2): tally.toml: model is missing. What the model is called.
    -
    hint: Add it: model = { name = "sqli" }"
  `);
});

test("a comment alone lacks the model", () => {
  expect(
    faultOf(`# nothing yet
`),
  ).toMatchInlineSnapshot(`
    "error[contract-key-missing] (exit 2): tally.toml: model is missing. What the model is called.
    -
    hint: Add it: model = { name = "sqli" }"
  `);
});

test("a model without a name", () => {
  expect(
    faultOf(`[model]
version = "1"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-key-missing] (exit 2): tally.toml:1: model.name is missing. The model's name.
    > 1 | [model]
        |  ^
      2 | version = "1"
    hint: Add it: name = "sqli""
  `);
});

test("a misspelt table", () => {
  expect(
    faultOf(`[model]
name = "m"
[operation.predict]
input = { x = "float64" }
output = { y = "float64" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-unknown-key] (exit 2): tally.toml:3: unknown key operation; did you mean operations?
      2 | name = "m"
    > 3 | [operation.predict]
        |  ^
      4 | input = { x = "float64" }
    hint: Known here: tally, model, connector, endpoints, endpoint, operations, suite (docs/reference/config.md)."
  `);
});

test("a misspelt key", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
ater = "process"
input = { x = "float64" }
output = { score = "float64" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-unknown-key] (exit 2): tally.toml:4: unknown key operations.predict.ater; did you mean after?
      3 | [operations.predict]
    > 4 | ater = "process"
        | ^
      5 | input = { x = "float64" }
    hint: Known here: after, input, output, extra, doc (docs/reference/config.md)."
  `);
});

test("a misspelt required key is not also missing", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
ouput = { y = "float64" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-unknown-key] (exit 2): tally.toml:5: unknown key operations.predict.ouput; did you mean output?
      4 | input = { x = "float64" }
    > 5 | ouput = { y = "float64" }
        | ^
    hint: Known here: after, input, output, extra, doc (docs/reference/config.md)."
  `);
});

test("a key that resembles nothing", () => {
  expect(
    faultOf(`[model]
name = "m"
[suite]
parallelism = 4
`),
  ).toMatchInlineSnapshot(`
    "error[contract-unknown-key] (exit 2): tally.toml:4: unknown key suite.parallelism.
      3 | [suite]
    > 4 | parallelism = 4
        | ^
    hint: Known here: name, tests, pytest, cases, files, csv (docs/reference/config.md)."
  `);
});

test("a misspelt key of a field in a multi-line table", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
[operations.predict.output]
score = { type = "float64", relative = 1e-9 }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-unknown-key] (exit 2): tally.toml:6: unknown key operations.predict.output.score.relative; did you mean rel?
      5 | [operations.predict.output]
    > 6 | score = { type = "float64", relative = 1e-9 }
        |                             ^
    hint: Known here: type, fields, items, values, scale, abs, rel, ulp, exact, signed_zero, threshold, decides, near_tie, normalize, order, doc, unit, sensitive (docs/reference/config.md)."
  `);
});

test("a quoted key", () => {
  expect(
    faultOf(`[model]
name = "m"
"sui te" = 1
`),
  ).toMatchInlineSnapshot(`
    "error[contract-unknown-key] (exit 2): tally.toml:3: unknown key model."sui te".
      2 | name = "m"
    > 3 | "sui te" = 1
        | ^
    hint: Known here: name, version (docs/reference/config.md)."
  `);
});

test("several faults are reported at once, the first in the file leads", () => {
  expect(
    faultOf(`[model]
name = 7
[endpoint]
batch = 0
timeout = "3 s"
[suite]
test = []
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:2: model.name must be a text; found the number 7.
      1 | [model]
    > 2 | name = 7
        | ^
      3 | [endpoint]
    also tally.toml:4: endpoint.batch must be an integer from 1 to 1000000; found the number 0.
    also tally.toml:5: endpoint.timeout must be a duration such as "250ms", "3s" or "2m"; found the text "3 s".
    also tally.toml:7: unknown key suite.test; did you mean tests?
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a text where a number belongs", () => {
  expect(
    faultOf(`[model]
name = "m"
[endpoint]
batch = "256"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: endpoint.batch must be an integer from 1 to 1000000; found the text "256".
      3 | [endpoint]
    > 4 | batch = "256"
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a number out of range", () => {
  expect(
    faultOf(`[model]
name = "m"
[endpoint]
batch = 99999999999999999999
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: endpoint.batch must be an integer from 1 to 1000000; found the integer 99999999999999999999.
      3 | [endpoint]
    > 4 | batch = 99999999999999999999
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a fraction where an integer belongs", () => {
  expect(
    faultOf(`[model]
name = "m"
[endpoint]
batch = 2.5
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: endpoint.batch must be an integer from 1 to 1000000; found the number 2.5.
      3 | [endpoint]
    > 4 | batch = 2.5
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a duration without a unit", () => {
  expect(
    faultOf(`[model]
name = "m"
[endpoint]
timeout = 30
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: endpoint.timeout must be a duration such as "250ms", "3s" or "2m"; found the number 30.
      3 | [endpoint]
    > 4 | timeout = 30
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a duration with an unknown unit", () => {
  expect(
    faultOf(`[model]
name = "m"
[endpoint]
timeout = "1h"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: endpoint.timeout must be a duration such as "250ms", "3s" or "2m"; found the text "1h".
      3 | [endpoint]
    > 4 | timeout = "1h"
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a text where a list belongs", () => {
  expect(
    faultOf(`[model]
name = "m"
[suite]
tests = "tests/a.test.ts"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: suite.tests must be a list, each element a pattern inside the model's folder (no leading /, no ..); found the text "tests/a.test.ts".
      3 | [suite]
    > 4 | tests = "tests/a.test.ts"
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a pattern that leaves the folder", () => {
  expect(
    faultOf(`[model]
name = "m"
[suite]
cases = ["cases/*.jsonl", "../shared/*.csv"]
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: suite.cases[1] must be a pattern inside the model's folder (no leading /, no ..); found the text "../shared/*.csv".
      3 | [suite]
    > 4 | cases = ["cases/*.jsonl", "../shared/*.csv"]
        |                           ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a delimiter of two characters", () => {
  expect(
    faultOf(`[model]
name = "m"
[suite.csv]
delimiter = "||"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: suite.csv.delimiter must be one character other than a quote or a line end; found the text "||".
      3 | [suite.csv]
    > 4 | delimiter = "||"
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a table where a text belongs", () => {
  expect(
    faultOf(`[model.name]
first = "m"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:1: model.name must be a text; found a table.
    > 1 | [model.name]
        |        ^
      2 | first = "m"
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a list of tables where a table belongs", () => {
  expect(
    faultOf(`[[model]]
name = "m"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:1: model must be a table; found a list.
    > 1 | [[model]]
        |   ^
      2 | name = "m"
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a date where a text belongs", () => {
  expect(
    faultOf(`[model]
name = "m"
version = 2026-11-22
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:3: model.version must be a text; found a date.
      2 | name = "m"
    > 3 | version = 2026-11-22
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("an address without a scheme", () => {
  expect(
    faultOf(`[model]
name = "m"
[endpoints]
production = "localhost:8080"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: endpoints.production must be an endpoint address such as http://localhost:8080, unix:/run/m.sock, cmd:./build/model or py:connector.py; found the text "localhost:8080".
      3 | [endpoints]
    > 4 | production = "localhost:8080"
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("an endpoint name with a space", () => {
  expect(
    faultOf(`[model]
name = "m"
[endpoints]
"my model" = "http://localhost"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-name] (exit 2): tally.toml:4: "my model" cannot be used here: expected an endpoint name (letters, digits, . _ and -).
      3 | [endpoints]
    > 4 | "my model" = "http://localhost"
        | ^
    hint: Choose another name; names that begin with $ belong to the wire format ($error)."
  `);
});

test("a header that is no text; secrets are not shown", () => {
  expect(
    faultOf(`[model]
name = "m"
[endpoint]
headers = { Authorization = "Bearer abc", X-Team = 7 }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: endpoint.headers.X-Team must be a text; found the number 7.
      3 | [endpoint]
    > 4 | headers = { Authorization = "…", X-Team = 7 }
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("an operation name with a slash", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations."a/b"]
input = { x = "int" }
output = { y = "int" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-name] (exit 2): tally.toml:3: "a/b" cannot be used here: expected an operation name (letters, digits, _ and -, not beginning with a digit).
      2 | name = "m"
    > 3 | [operations."a/b"]
        |             ^
      4 | input = { x = "int" }
    hint: Choose another name; names that begin with $ belong to the wire format ($error)."
  `);
});

test("a field name that begins with $", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { "$error" = "string" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-name] (exit 2): tally.toml:5: "$error" cannot be used here: expected a field name (not empty, not beginning with $).
      4 | input = { x = "float64" }
    > 5 | output = { "$error" = "string" }
        |            ^
    hint: Choose another name; names that begin with $ belong to the wire format ($error)."
  `);
});

test("an unknown type", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = "flaot64" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type-name] (exit 2): tally.toml:5: operations.predict.output.score: unknown type "flaot64"; did you mean float64?
      4 | input = { x = "float64" }
    > 5 | output = { score = "flaot64" }
        |            ^
    hint: Types: boolean, int, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, decimal, string, bytes, timestamp, date, category, json, list, struct; T? allows null, list<T> is a list."
  `);
});

test("a type of another system", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = "double", label = "bool", name = "str" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type-name] (exit 2): tally.toml:5: operations.predict.output.score: unknown type "double"; did you mean float64?
      4 | input = { x = "float64" }
    > 5 | output = { score = "double", label = "bool", name = "str" }
        |            ^
    also tally.toml:5: operations.predict.output.label: unknown type "bool"; did you mean boolean?
    also tally.toml:5: operations.predict.output.name: unknown type "str"; did you mean string?
    hint: Types: boolean, int, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, decimal, string, bytes, timestamp, date, category, json, list, struct; T? allows null, list<T> is a list."
  `);
});

test("a list without an end", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { scores = "list<float64" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type-name] (exit 2): tally.toml:5: operations.predict.output.scores: unknown type "list<float64".
      4 | input = { x = "float64" }
    > 5 | output = { scores = "list<float64" }
        |            ^
    hint: Types: boolean, int, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, decimal, string, bytes, timestamp, date, category, json, list, struct; T? allows null, list<T> is a list."
  `);
});

test("a type that is a number", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = 64 }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:5: operations.predict.output.score must be a type such as "float64"; found the number 64.
      4 | input = { x = "float64" }
    > 5 | output = { score = 64 }
        |            ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a field without a type", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { rel = 1e-9 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-key-missing] (exit 2): tally.toml:5: operations.predict.output.score.type is missing. The type. A ? at the end allows null (not absence); \`list<T>\` is a list.
      4 | input = { x = "float64" }
    > 5 | output = { score = { rel = 1e-9 } }
        |            ^
    hint: Add it: type = "float64?""
  `);
});

test("a struct without fields", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { scores = "struct" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.scores: a struct needs fields.
      4 | input = { x = "float64" }
    > 5 | output = { scores = "struct" }
        |            ^
    hint: Write { type = "struct", fields = { … } }, or use json for an object of any shape."
  `);
});

test("a list of structs written short", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { scores = "list<struct>" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.scores: list<struct> does not say what the struct holds.
      4 | input = { x = "float64" }
    > 5 | output = { scores = "list<struct>" }
        |            ^
    hint: Write type = "list" with items = { type = "struct", … }."
  `);
});

test("a list without elements", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { scores = { type = "list" } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.scores: a list needs the type of its elements.
      4 | input = { x = "float64" }
    > 5 | output = { scores = { type = "list" } }
        |            ^
    hint: Write list<float64>, or type = "list" with items = { … }."
  `);
});

test("elements given twice", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { scores = { type = "list<int>", items = "int" } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.scores: the element type is given twice.
      4 | input = { x = "float64" }
    > 5 | output = { scores = { type = "list<int>", items = "int" } }
        |            ^
    hint: Write list<float64>, or type = "list" with items = { … }."
  `);
});

test("values of something that is no category", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "string", values = ["a"] } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.values: values belongs to type = "category", and this is string.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "string", values = ["a"] } }
        |                                       ^
    hint: Remove values, or make the type a category."
  `);
});

test("a category value given twice", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { level = { type = "category", values = ["low", "high", "low"] } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.level.values: the value "low" stands there twice.
      4 | input = { x = "float64" }
    > 5 | output = { level = { type = "category", values = ["low", "high", "low"] } }
        |                                         ^
    hint: Name each value once."
  `);
});

test("a category without any value", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { level = { type = "category", values = [] } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:5: operations.predict.output.level.values must be a list with at least one element; found an empty list.
      4 | input = { x = "float64" }
    > 5 | output = { level = { type = "category", values = [] } }
        |                                         ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a scale of a float", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", scale = 2 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.scale: scale belongs to type = "decimal", and this is float64.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", scale = 2 } }
        |                                        ^
    hint: Remove scale, or make the type a decimal."
  `);
});

test("an infinite tolerance", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", rel = inf } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:5: operations.predict.output.score.rel must be a finite number of at least 0; found infinity (inf, or a number too large for a double).
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", rel = inf } }
        |                                        ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a tolerance too large for a double", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", abs = 1e400 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:5: operations.predict.output.score.abs must be a finite number of at least 0; found infinity (inf, or a number too large for a double).
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", abs = 1e400 } }
        |                                        ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a tolerance too small for a double", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", abs = 1e-400 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:5: operations.predict.output.score.abs must be a finite number of at least 0; found 1e-400, which is 0 as a double.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", abs = 1e-400 } }
        |                                        ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a negative tolerance", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", abs = -1e-9 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:5: operations.predict.output.score.abs must be a finite number of at least 0; found the number -1e-9.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", abs = -1e-9 } }
        |                                        ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a tolerance of a string", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { label = { type = "string", abs = 0.1 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.label.abs: abs does not fit string.
      4 | input = { x = "float64" }
    > 5 | output = { label = { type = "string", abs = 0.1 } }
        |                                       ^
    hint: Numbers take a number (abs = 1e-6), timestamps a duration (abs = "1ms"), everything else is compared exactly."
  `);
});

test("a relative tolerance of a timestamp", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { at = { type = "timestamp", rel = 0.1 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.at.rel: rel does not fit timestamp.
      4 | input = { x = "float64" }
    > 5 | output = { at = { type = "timestamp", rel = 0.1 } }
        |                                       ^
    hint: Remove it: only numbers have a relative tolerance."
  `);
});

test("a timestamp's tolerance without a unit", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { at = { type = "timestamp", abs = 1 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.at.abs: abs of a timestamp is a duration.
      4 | input = { x = "float64" }
    > 5 | output = { at = { type = "timestamp", abs = 1 } }
        |                                       ^
    hint: Numbers take a number (abs = 1e-6), timestamps a duration (abs = "1ms"), everything else is compared exactly."
  `);
});

test("a duration as a number's tolerance", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", abs = "1ms" } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.abs: abs is a duration, which only timestamps take.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", abs = "1ms" } }
        |                                        ^
    hint: Numbers take a number (abs = 1e-6), timestamps a duration (abs = "1ms"), everything else is compared exactly."
  `);
});

test("ulp of an integer", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { n = { type = "int", ulp = 4 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.n.ulp: ulp does not fit int.
      4 | input = { x = "float64" }
    > 5 | output = { n = { type = "int", ulp = 4 } }
        |                                ^
    hint: Use abs or rel: only float32 and float64 have representable neighbours."
  `);
});

test("exact beside a tolerance", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", exact = true, rel = 1e-6 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.exact: exact contradicts the tolerance beside it.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", exact = true, rel = 1e-6 } }
        |                                        ^
    hint: Remove either exact or the tolerance."
  `);
});

test("signed zero of an integer", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { n = { type = "int", signed_zero = true } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.n.signed_zero: signed_zero does not fit int.
      4 | input = { x = "float64" }
    > 5 | output = { n = { type = "int", signed_zero = true } }
        |                                ^
    hint: Remove it: only floats have two zeros."
  `);
});

test("normalising a number", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { n = { type = "int", normalize = ["trim"] } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.n.normalize: normalize does not fit int.
      4 | input = { x = "float64" }
    > 5 | output = { n = { type = "int", normalize = ["trim"] } }
        |                                ^
    hint: Remove it: only strings can be normalised."
  `);
});

test("an unknown normalisation", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { label = { type = "string", normalize = ["lower"] } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:5: operations.predict.output.label.normalize[0] must be one of "nfc", "trim", "case"; found the text "lower".
      4 | input = { x = "float64" }
    > 5 | output = { label = { type = "string", normalize = ["lower"] } }
        |                                                    ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("an order of something that is no list", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { label = { type = "string", order = "set" } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.label.order: order does not fit string.
      4 | input = { x = "float64" }
    > 5 | output = { label = { type = "string", order = "set" } }
        |                                       ^
    hint: Remove it: only lists have an order."
  `);
});

test("a threshold that decides nothing", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", threshold = 0.5 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.threshold: threshold has no effect without decides.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", threshold = 0.5 } }
        |                                        ^
    hint: Give both: threshold = 0.5, decides = "is_positive"."
  `);
});

test("decides without a threshold", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", decides = "hit" }, hit = "boolean" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.decides: decides has no effect without threshold.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", decides = "hit" }, hit = "boolean" }
        |                                        ^
    hint: Give both: threshold = 0.5, decides = "is_positive"."
  `);
});

test("decides names a field that is not there", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", threshold = 0.5, decides = "hot" }, hit = "boolean" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.decides: decides names "hot", which is no field of this output; did you mean hit?
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", threshold = 0.5, decides = "hot" }, hit = "boolean" }
        |                                                         ^
    hint: Labels here: hit."
  `);
});

test("decides names a field that is no label", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", threshold = 0.5, decides = "other" }, other = "float64" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.decides: decides names "other", which is float64.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", threshold = 0.5, decides = "other" }, other = "float64" }
        |                                                         ^
    hint: A label is a boolean, category or integer field of the same output."
  `);
});

test("near_tie without a threshold", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { score = { type = "float64", near_tie = 1e-6 } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.score.near_tie: near_tie has no effect without threshold.
      4 | input = { x = "float64" }
    > 5 | output = { score = { type = "float64", near_tie = 1e-6 } }
        |                                        ^
    hint: Give threshold and decides too, or remove near_tie."
  `);
});

test("a threshold of a text", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { label = { type = "string", threshold = 0.5, decides = "hit" }, hit = "boolean" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.label.threshold: threshold does not fit string.
      4 | input = { x = "float64" }
    > 5 | output = { label = { type = "string", threshold = 0.5, decides = "hit" }, hit = "boolean" }
        |                                       ^
    hint: Give both: threshold = 0.5, decides = "is_positive"."
  `);
});

test("a threshold in an input", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = { type = "float64", threshold = 0.5, decides = "hit" } }
output = { hit = "boolean" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:4: operations.predict.input.x.threshold: only an output's own fields decide a label.
      3 | [operations.predict]
    > 4 | input = { x = { type = "float64", threshold = 0.5, decides = "hit" } }
        |                                   ^
      5 | output = { hit = "boolean" }
    hint: Move threshold and decides to a field of an output."
  `);
});

test("a threshold inside a struct", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "float64" }
output = { s = { type = "struct", fields = { p = { type = "float64", threshold = 0.5, decides = "hit" } } }, hit = "boolean" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output.s.fields.p.threshold: only an output's own fields decide a label.
      4 | input = { x = "float64" }
    > 5 | output = { s = { type = "struct", fields = { p = { type = "float64", threshold = 0.5, decides = "hit" } } }, hit = "boolean" }
        |                                                                      ^
    hint: Move threshold and decides to a field of an output."
  `);
});

test("an operation without outputs", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = { x = "int" }
output = {}
`),
  ).toMatchInlineSnapshot(`
    "error[contract-field] (exit 2): tally.toml:5: operations.predict.output: an operation without output fields has nothing to judge.
      4 | input = { x = "int" }
    > 5 | output = {}
        | ^
    hint: Declare what it answers, or a field of type "json"."
  `);
});

test("after names no operation", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.process]
input = { x = "int" }
output = { y = "int" }
[operations.inference]
after = "proces"
input = { x = "int" }
output = { z = "int" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-operation] (exit 2): tally.toml:7: operations.inference.after names "proces", which is not an operation; did you mean process?
      6 | [operations.inference]
    > 7 | after = "proces"
        | ^
      8 | input = { x = "int" }
    hint: Operations: process."
  `);
});

test("input names no operation", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
input = "process"
output = { score = "float64" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-operation] (exit 2): tally.toml:4: operations.predict.input names "process", which is not an operation.
      3 | [operations.predict]
    > 4 | input = "process"
        | ^
      5 | output = { score = "float64" }
    hint: No other operation is declared."
  `);
});

test("an operation after itself", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.predict]
after = "predict"
input = { x = "float64" }
output = { score = "float64" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-cycle] (exit 2): tally.toml:4: the stages go round in a circle: predict → predict.
      3 | [operations.predict]
    > 4 | after = "predict"
        | ^
      5 | input = { x = "float64" }
    hint: Remove one after (or input) of the circle: the first stage comes after none."
  `);
});

test("stages in a circle", () => {
  expect(
    faultOf(`[model]
name = "m"
[operations.a]
after = "c"
input = { x = "int" }
output = { y = "int" }
[operations.b]
after = "a"
input = { x = "int" }
output = { y = "int" }
[operations.c]
input = "b"
output = { y = "int" }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-cycle] (exit 2): tally.toml:4: the stages go round in a circle: a → c → b → a.
      3 | [operations.a]
    > 4 | after = "c"
        | ^
      5 | input = { x = "int" }
    hint: Remove one after (or input) of the circle: the first stage comes after none."
  `);
});

test("two connectors at once", () => {
  expect(
    faultOf(`[model]
name = "m"
[connector]
python = "c.py"
node = "c.ts"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-connector] (exit 2): tally.toml:5: connector.node: python and node at once.
      4 | python = "c.py"
    > 5 | node = "c.ts"
        | ^
    hint: [connector] names exactly one of python, node and endpoint."
  `);
});

test("no connector in [connector]", () => {
  expect(
    faultOf(`[model]
name = "m"
[connector]
workers = 2
`),
  ).toMatchInlineSnapshot(`
    "error[contract-connector] (exit 2): tally.toml:3: connector: no connector is named.
      2 | name = "m"
    > 3 | [connector]
        |  ^
      4 | workers = 2
    hint: [connector] names exactly one of python, node and endpoint."
  `);
});

test("dtypes of a node connector", () => {
  expect(
    faultOf(`[model]
name = "m"
[connector]
node = "c.ts"
dtypes = "numpy"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-connector] (exit 2): tally.toml:5: connector.dtypes: dtypes has no meaning for a connector given by node.
      4 | node = "c.ts"
    > 5 | dtypes = "numpy"
        | ^
    hint: [connector] names exactly one of python, node and endpoint."
  `);
});

test("a newer format, before anything that only it knows", () => {
  expect(
    faultOf(`[tally]
contract = 2
[pipeline]
`),
  ).toMatchInlineSnapshot(`
    "error[contract-too-new] (exit 2): tally.toml:2: tally.contract is 2; this Tally reads contract format 1.
      1 | [tally]
    > 2 | contract = 2
        | ^
      3 | [pipeline]
    hint: Use a newer Tally: npm install --save-dev tallyml@latest"
  `);
});

test("another Tally is required", () => {
  expect(
    faultOf(`[tally]
requires = ">=0.2 <1"
[pipeline]
`),
  ).toMatchInlineSnapshot(`
    "error[contract-requires] (exit 2): tally.toml:2: this suite requires Tally >=0.2 <1; this is Tally 0.1.0.
      1 | [tally]
    > 2 | requires = ">=0.2 <1"
        | ^
      3 | [pipeline]
    hint: Use a Tally that fits: npm install --save-dev "tallyml@>=0.2 <1""
  `);
});

test("a range that is none", () => {
  expect(
    faultOf(`[model]
name = "m"
[tally]
requires = "newest"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-type] (exit 2): tally.toml:4: tally.requires must be a version range such as ">=0.1 <2"; found the text "newest".
      3 | [tally]
    > 4 | requires = "newest"
        | ^
    hint: Every key and what it may be: docs/reference/config.md"
  `);
});

test("a table that is not closed", () => {
  expect(
    faultOf(`[model
name = "m"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-syntax] (exit 2): tally.toml:1: not TOML: illegal character in key (column 7).
    > 1 | [model
        |       ^
      2 | name = "m"
    hint: The marked place is where reading stopped; the cause may stand shortly before it."
  `);
});

test("a text that is not closed", () => {
  expect(
    faultOf(`[model]
name = "m
version = "1"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-syntax] (exit 2): tally.toml:2: not TOML: control characters are not allowed in strings (column 10).
      1 | [model]
    > 2 | name = "m
        |          ^
      3 | version = "1"
    hint: The marked place is where reading stopped; the cause may stand shortly before it."
  `);
});

test("a table twice", () => {
  expect(
    faultOf(`[model]
name = "m"
[model]
version = "1"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-syntax] (exit 2): tally.toml:3: not TOML: trying to redefine an already defined table or value (column 2).
      2 | name = "m"
    > 3 | [model]
        |  ^
      4 | version = "1"
    hint: The marked place is where reading stopped; the cause may stand shortly before it."
  `);
});

test("a key twice", () => {
  expect(
    faultOf(`[model]
name = "a"
name = "b"
`),
  ).toMatchInlineSnapshot(`
    "error[contract-syntax] (exit 2): tally.toml:3: not TOML: trying to redefine an already defined table or value (column 1).
      2 | name = "a"
    > 3 | name = "b"
        | ^
    hint: The marked place is where reading stopped; the cause may stand shortly before it."
  `);
});

test("YAML", () => {
  expect(
    faultOf(`model:
  name: m
`),
  ).toMatchInlineSnapshot(`
    "error[contract-syntax] (exit 2): tally.toml:1: not TOML: illegal character in key (column 6).
    > 1 | model:
        |      ^
      2 |   name: m
    hint: The marked place is where reading stopped; the cause may stand shortly before it."
  `);
});

test("JSON", () => {
  expect(
    faultOf(`{ "model": { "name": "m" } }
`),
  ).toMatchInlineSnapshot(`
    "error[contract-syntax] (exit 2): tally.toml:1: not TOML: illegal character in key (column 1).
    > 1 | { "model": { "name": "m" } }
        | ^
    hint: The marked place is where reading stopped; the cause may stand shortly before it."
  `);
});

test("a fault in pyproject.toml is found under tool.tally", () => {
  const source = `[project]
name = "sqli"
[tool.other]
ouput = 1
[tool.tally.model]
name = "sqli"
[tool.tally.operations.process]
input = { query = "string" }
ouput = { n = "int" }
`;
  expect(faultOf(source, "pyproject.toml")).toMatchInlineSnapshot(`
    "error[contract-unknown-key] (exit 2): pyproject.toml:9: unknown key tool.tally.operations.process.ouput; did you mean output?
       8 | input = { query = "string" }
    >  9 | ouput = { n = "int" }
         | ^
    hint: Known here: after, input, output, extra, doc (docs/reference/config.md)."
  `);
});

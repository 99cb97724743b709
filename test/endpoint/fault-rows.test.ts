/** The rows of the fault matrix that an HTTP endpoint answers for: none may lose its test. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What can go wrong with an endpoint, by row. */
const rows: Readonly<Record<string, string>> = {
  A1: "nothing listens",
  A2: "the host name is unknown",
  A3: "accepts and never answers",
  A4: "headers, then a drip",
  A5: "reset in the middle",
  A6: "a body shorter than Content-Length",
  A7: "a chunked body that is cut",
  A8: "conflicting lengths",
  A9: "bytes after the answer",
  A10: "not HTTP",
  A11: "too many headers",
  A12: "an endless body",
  A13: "bombs and nested encodings",
  A14: "invalid gzip",
  A15: "a redirect to another origin",
  A16: "a redirect to the same origin",
  A17: "401 and 403",
  A18: "429 and 503 with Retry-After",
  A19: "500 for some records",
  A20: "HTML, an empty body, another content type",
  A21: "invalid JSON and bare tokens",
  A22: "duplicate keys",
  A23: "numbers beyond a double",
  A24: "deep nesting",
  A25: "keys that are something else in JavaScript",
  A26: "surrogates, NUL, bad UTF-8, byte order mark",
  A27: "fewer or more records",
  A28: "another order",
  A29: "extra, missing and renamed fields",
  A34: "escape sequences in status text and body",
  A35: "bad certificates",
  A36: "a flood of 100 Continue",
};

test("every row of the fault matrix has a test that is named after it", () => {
  const folder = new URL(".", import.meta.url);
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(new URL(file, folder), "utf8"));
  const named = new Set(
    texts.flatMap((text) => [...text.matchAll(/^ *(?:test(?:\.for\(.*?\))?\(\s*|)"(A\d+) /gms)].map(([, row]) => row)),
  );
  expect(Object.keys(rows).filter((row) => !named.has(row))).toEqual([]);
});

test("no test is skipped or narrowed to one", () => {
  const folder = new URL(".", import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith("-faults.test.ts"));
  const marks = files.filter((file) =>
    /\btest\.(skip|only|todo|fails)\b/.test(readFileSync(new URL(file, folder), "utf8")),
  );
  expect(marks).toEqual([]);
});

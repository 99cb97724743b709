/** What packages say of their licences, as a bill of materials may say it. */
import { expect, test } from "vitest";
import { licencesOf } from "../../src/pack/licence-choice.ts";

const ids = ["MIT", "0BSD", "Apache-2.0", "BSD-3-Clause", "blessing", "GPL-2.0", "bzip2-1.0.6"];
const expressions = [
  "MIT OR Apache-2.0",
  "(MIT OR (Apache-2.0 AND 0BSD))",
  "GPL-3.0-or-later WITH GCC-exception-3.1",
  "GPL-2.0+",
  "MIT AND LicenseRef-its-own",
];
const words = [
  "UNLICENSED",
  "BSD",
  "mit",
  "Apache 2.0",
  "SEE LICENSE IN LICENSE.md",
  "MIT OR",
  "MIT OR BSD",
  "(MIT",
  "MIT)",
  "MIT WITH nothing",
  "MIT MIT",
  "()",
  "public domain",
];

test.for(ids)("%s is an identifier", (id) => {
  expect(licencesOf(id)).toEqual({ licenses: [{ license: { id } }] });
});

test.for(expressions)("%s is an expression", (expression) => {
  expect(licencesOf(expression)).toEqual({ licenses: [{ expression }] });
});

test.for(words)("%s is words", (name) => {
  expect(licencesOf(name)).toEqual({ licenses: [{ license: { name } }] });
});

test("of what says nothing nothing is said", () => {
  expect([licencesOf(undefined), licencesOf(" ")]).toEqual([{}, {}]);
});

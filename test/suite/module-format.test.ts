/** What a package.json says of a folder does not decide whether an author's file is a module. */
import { expect, test } from "vitest";
import { connector, contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

const files = {
  "tally.toml": contract,
  "connector.ts": connector,
  "tests/words.test.ts": `import { expect, operation, test } from "tallyml";
import { words } from "./words.ts";
import { twice } from "./twice.js";
import plain from "./plain.js";
const process = operation("process");
for (const word of words) test(word, async () => {
  expect(await process({ text: twice(word) + plain.end })).toTally({ length: 2 * word.length + 1 });
});
`,
  "tests/words.ts": `export const words: readonly string[] = ["tea", "milk"];\n`,
  "tests/twice.js": `export function twice(text) { return text + text; }\n`,
  // A file that is no module stays what it is: it has \`module\`, and the word import in a text.
  "tests/plain.js": `const text = "import x";\nmodule.exports = { end: text.length > 0 ? "." : "" };\n`,
};

test.for([
  ["no package.json", {}],
  ['"type": "commonjs", as npm init writes it', { "package.json": `{"type":"commonjs"}` }],
  ["a package.json without a type", { "package.json": `{"name":"suite"}` }],
] as const)("with %s test files and connector are modules where they are written so", async ([, more]) => {
  const { exit, stderr, stdout } = await project({ ...files, ...more }).tally(["test"]);
  expect(stdout + stderr).toContain(" 2 passed in");
  expect(stderr).toBe("");
  expect(exit).toBe(0);
});

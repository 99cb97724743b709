/** What pages name exists: commands, flags, error codes, folders; and pages that must be short are. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { type Option, options } from "../../src/cli/options.ts";
import { catalogue } from "../../src/kernel/errors.ts";
import { pages } from "./markdown.ts";

/** Flags of other programs that pages name. */
const foreign = new Set(["--no", "--save-dev", "--version", "--help", "--check", "--network", "--exit-code-from"]);

const lines = pages.flatMap((page) =>
  readFileSync(page, "utf8")
    .split("\n")
    .map((text, i) => ({ place: `${page}:${i + 1}`, text })),
);

/** `tally VERB …` up to the end of the command. */
const calls = lines.flatMap(({ place, text }) =>
  [...text.matchAll(/\btally ([a-z]+(?:-[a-z]+)*)((?: +(?:"[^"]*"|'[^']*'|[^\s`|;#()·→]+))*)/g)].map(
    ([, verb = "", rest = ""]) => ({
      place,
      verb,
      rest,
      isCode:
        text.includes(`\`tally ${verb}`) ||
        /^\s*(\$ |ENDPOINT=\S+ )?tally /.test(text) ||
        text.includes("npx --no tally"),
    }),
  ),
);

test("every command that is named exists", () => {
  const unknown = calls.filter(({ isCode, verb }) => isCode && !Object.hasOwn(commands, verb));
  expect(unknown.map(({ place, verb }) => `${place} tally ${verb}`)).toEqual([]);
});

test("every flag of a command that is called is one of it", () => {
  const wrong = calls.flatMap(({ place, rest, verb }) => {
    const known = commands[verb];
    // The page of errors shows what is typed wrong.
    if (known === undefined || place.startsWith("docs/reference/errors.md")) return [];
    // What stands behind -- is another program's.
    const [own = ""] = rest.split(/\s--(?=\s)/);
    const flags = [...own.replaceAll(/"[^"]*"|'[^']*'/g, "").matchAll(/(?<=\s)--?([a-z][a-z-]*)/g)].map(
      ([flag]) => flag,
    );
    return flags.filter((flag) => !isFlagOf(flag, known.options)).map((flag) => `${place} tally ${verb} ${flag}`);
  });
  expect(wrong).toEqual([]);
});

function isFlagOf(flag: string, names: readonly (keyof typeof options)[]): boolean {
  if (flag.startsWith("--")) return foreign.has(flag) || names.some((name) => `--${name}` === flag);
  return names.some((name) => {
    const option: Option = options[name];
    return option.short !== undefined && `-${option.short}` === flag;
  });
}

test("every flag that is named in prose exists", () => {
  const named = lines.flatMap(({ place, text }) =>
    [...text.matchAll(/`(--[a-z][a-z-]*)[^`]*`/g)].map(([, flag = ""]) => ({ place, flag })),
  );
  // bench/ speaks of Node's flags.
  const unknown = named.filter(
    ({ flag, place }) => !place.startsWith("bench/") && !Object.hasOwn(options, flag.slice(2)) && !foreign.has(flag),
  );
  expect(unknown.map(({ place, flag }) => `${place} ${flag}`)).toEqual([]);
});

test("every error code that is named exists", () => {
  const unknown = lines.flatMap(({ place, text }) =>
    [...text.matchAll(/error\[([a-z-]+)\]/g)]
      .filter(([, code = ""]) => !Object.hasOwn(catalogue, code))
      .map(([named]) => `${place} ${named}`),
  );
  expect(unknown).toEqual([]);
});

test("the pages one reads first are short", () => {
  const long = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].filter(
    (page) => readFileSync(page, "utf8").trimEnd().split("\n").length > 120,
  );
  expect(long).toEqual([]);
});

test("ARCHITECTURE.md quotes the flow that a test holds", () => {
  const quoted = /```ts FLOW\n(\[[\s\S]*?\])\n```/.exec(readFileSync("ARCHITECTURE.md", "utf8"))?.[1];
  const held = /export const FLOW = (\[[\s\S]*?\]);/.exec(
    readFileSync("test/architecture/imports.test.ts", "utf8"),
  )?.[1];
  expect(quoted).toBe(held);
});

test("ARCHITECTURE.md has a paragraph for each folder, in the order of the flow", () => {
  const page = readFileSync("ARCHITECTURE.md", "utf8");
  const folders = [...page.matchAll(/^- \*\*([a-z]+)\*\*:/gm)].map(([, folder]) => folder);
  const flow = [...(/```ts FLOW([\s\S]*?)```/.exec(page)?.[1] ?? "").matchAll(/"([a-z]+)"/g)].map(
    ([, folder]) => folder,
  );
  expect(folders).toEqual(flow);
});

test("the first two commands of the README are scripts of the package", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const first = [...readFileSync("README.md", "utf8").matchAll(/^npm ci && npm (?:run )?(\w+)/gm)].map(
    ([, name]) => name,
  );
  expect(first).toEqual(["demo", "test"]);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["demo", "test"]));
});

import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue } from "../../src/kernel/errors.ts";
import { generateErrors } from "../../tools/generate/errors.ts";

const [generated] = generateErrors();
const page = readFileSync(new URL("../../docs/reference/errors.md", import.meta.url), "utf8");
const headings = [...page.matchAll(/^## ([a-z0-9-]+)$/gm)].map(([, code]) => code);
const codes = Object.keys(catalogue);

test("every code of the catalogue has a heading on the page, and every heading is a code", () => {
  expect(new Set(headings)).toEqual(new Set(codes));
  expect(headings).toHaveLength(codes.length);
});

test("the page is what the catalogue says", () => {
  expect(page).toBe(generated?.text);
});

test("every code in the list at the top leads to its heading", () => {
  const links = [...page.matchAll(/\[([a-z0-9-]+)\]\(#([a-z0-9-]+)\)/g)].map(([, , target]) => target);
  expect(codes.filter((code) => !links.includes(code))).toEqual([]);
  expect(links.filter((target) => target !== "warnings" && !headings.includes(target))).toEqual([]);
});

test("every code is said in its section as a command says it, with what to do next", () => {
  const sections = page.split(/^## /m).slice(1, -1);
  const wrong = sections.filter((section) => {
    const code = section.slice(0, section.indexOf("\n"));
    return !section.includes(`\nerror[${code}]: `) || !/\n {2}hint: \S/.test(section);
  });
  expect(wrong).toEqual([]);
});

test("every warning that is told has a row on the page, and every row is told", () => {
  const told = ["suite", "endpoint", "cli"]
    .flatMap((folder) => globSync(`src/${folder}/**/*.ts`))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\bcode: "([a-z-]+)"/g)].map(([, code]) => code));
  const rows = [...page.slice(page.indexOf("## Warnings")).matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
  const ofCatalogue = codes.filter((code) => rows.includes(code));
  expect(new Set([...told, ...ofCatalogue])).toEqual(new Set(rows));
});

import { readFileSync } from "node:fs";
import { globSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/** Data flows down this list; imports only ever point up it. ARCHITECTURE.md quotes it. */
export const FLOW = [
  "kernel",
  "contract",
  "record",
  "connector",
  "endpoint",
  "compare",
  "verdict",
  "delivery",
  "suite",
  "report",
  "serve",
  "pack",
  "cli",
];

/** Outlets consume events; they know no engine. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ["report", "suite"],
  ["serve", "suite"],
  ["serve", "report"],
  ["pack", "suite"],
  ["pack", "report"],
  ["pack", "serve"],
];

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = globSync("src/**/*.ts").filter((file) => !file.endsWith(".d.ts"));

/** Static, dynamic and type imports of our own files. */
function importsOf(file: string): Import[] {
  const source = readFileSync(file, "utf8");
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map(([, to = ""]) => ({
    from: file,
    to: normalize(join(dirname(file), to)),
  }));
}

const imports = files.flatMap(importsOf);

function folder(file: string): string {
  return file.split("/")[1] ?? "";
}

/** src/index.ts is the public face and stands after everything. */
function rank(file: string): number {
  const at = FLOW.indexOf(folder(file));
  return at === -1 ? FLOW.length : at;
}

test("there are imports to look at", () => {
  expect(imports.length).toBeGreaterThan(200);
});

test("imports only point up the flow", () => {
  expect(imports.filter(({ from, to }) => rank(to) > rank(from))).toEqual([]);
});

test("every folder of src is a stage of the flow", () => {
  const folders = new Set(files.filter((file) => file.split("/").length > 2).map(folder));
  expect([...folders].filter((name) => !FLOW.includes(name))).toEqual([]);
});

test("outlets know no engine", () => {
  const known = imports.filter(({ from, to }) => STRANGERS.some(([a, b]) => folder(from) === a && folder(to) === b));
  expect(known).toEqual([]);
});

test("no file is reached from itself", () => {
  const graph = new Map(files.map((file) => [file, importsOf(file).map(({ to }) => to)]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    if (done.has(file)) return;
    for (const to of graph.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test("compare and verdict use nothing of Node, so that a browser can share them", () => {
  const pure = files.filter((file) => ["compare", "verdict"].includes(folder(file)));
  expect(pure.filter((file) => /from "node:|\bprocess\.|\bBuffer\b/.test(readFileSync(file, "utf8")))).toEqual([]);
});

test("a file whose name begins with _ is used in its own folder only", () => {
  const foreign = imports.filter(({ from, to }) => /\/_[^/]+$/.test(to) && dirname(from) !== dirname(to));
  expect(foreign).toEqual([]);
});

test("nothing is thrown but coded errors", () => {
  const bare = files.filter((file) => /throw new (Type|Range|Syntax)?Error\(/.test(readFileSync(file, "utf8")));
  expect(bare).toEqual([]);
});

test("names say what they hold", () => {
  const banned = files.filter((file) =>
    /(^|[/-])(utils?|helpers?|common|misc|types|manager|handler|data|info)\.ts$/.test(file),
  );
  expect(banned).toEqual([]);
});

test("files are kebab-case and of a readable length", () => {
  expect(files.filter((file) => !/^src\/([a-z-]+\/)*_?[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(file))).toEqual([]);
  const lengths = files.map((file) => codeLines(readFileSync(file, "utf8"))).toSorted((a, b) => a - b);
  expect(lengths.at(-1)).toBeLessThanOrEqual(250);
  expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(160);
});

function codeLines(source: string): number {
  return source.split("\n").filter((line) => line.trim() !== "" && !/^\s*(\/\/|\/?\*)/.test(line)).length;
}

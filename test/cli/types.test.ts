import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { project, type Project } from "../kit/project.ts";

const contract = `
[model]
name = "shop"
[operations.process]
doc = "Features of an order."
input = { id = "int64", "unit price" = "decimal?", at = "timestamp", tags = "list<string?>" }
[operations.process.output]
total = { type = "float64", doc = "Sum of all lines", unit = "EUR" }
size = { type = "category", values = ["small", "large"] }
lines = { type = "list", items = { type = "struct", fields = { sku = "string", extra = "json" } } }
[operations.score-order]
input = "process"
output = { risk = "float32", photo = "bytes" }
`;

/** What tsc says of these files of a project, through the published declarations. */
function compile({ root, write }: Project, files: Readonly<Record<string, string>>): string[] {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  mkdirSync(join(root, "node_modules"), { recursive: true });
  symlinkSync(repository, join(root, "node_modules/tallyml"));
  const compilerOptions = { module: "nodenext", target: "es2024", strict: true, noEmit: true, types: [] };
  write({
    "package.json": `{"type":"module"}`,
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["**/*.ts"] }),
    ...files,
  });
  const tsc = join(repository, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", root, "--pretty", "false"], {
    encoding: "utf8",
    cwd: root,
  });
  return stdout
    .trim()
    .split("\n")
    .filter((line) => line !== "");
}

test("types are written of every operation as authors see its values, and again over themselves", async () => {
  const shop = project({ "tally.toml": contract });
  const { exit, stdout } = await shop.tally(["types", "--out", "tests/operations.d.ts"]);
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: "tests/operations.d.ts\n" });
  const text = readFileSync(join(shop.root, "tests/operations.d.ts"), "utf8");
  expect(text).toMatchInlineSnapshot(`
    "// Written by \`tally types\`: do not edit. \`tally types --out FILE\` writes it anew from the contract.

    export interface ProcessInput {
      readonly id: bigint;
      readonly "unit price": string | null;
      readonly at: string;
      readonly tags: readonly (string | null)[];
    }

    /** Features of an order. */
    export interface ProcessOutput {
      /** Sum of all lines (EUR) */
      readonly total: number;
      readonly size: "small" | "large";
      readonly lines: readonly {
        readonly sku: string;
        readonly extra: unknown;
      }[];
    }

    export interface ScoreOrderOutput {
      readonly risk: number;
      readonly photo: Uint8Array;
    }

    declare module "tallyml" {
      interface Operations {
        process: { input: ProcessInput; output: ProcessOutput };
        "score-order": { input: ProcessOutput; raw: ProcessInput; output: ScoreOrderOutput };
      }
    }
    "
  `);
  expect((await shop.tally(["types"])).stdout).toBe(text);
  expect((await shop.tally(["types", "--out", "tests/operations.d.ts"])).exit).toBe(0);
});

test("with them, operation and defineConnector are typed without generics", async () => {
  const shop = project({ "tally.toml": contract });
  await shop.tally(["types", "--out", "tests/operations.d.ts"]);
  const good = compile(shop, {
    "tests/good.test.ts": `
import { expect, operation, test } from "tallyml";
const process = operation("process");
const score = operation("score-order");
const order = { id: 1n, "unit price": null, at: "2026-01-01T00:00:00Z", tags: ["a", null] };
test("typed", async () => {
  const one = await process(order);
  const total: number = one.total;
  const size: "small" | "large" = one.size;
  const [line] = (await process([order]))[0]!.lines;
  expect(await score(one)).toTally({ risk: total });
  expect(await score([order])).toTally([{ risk: 1 }]);
  expect([size, line?.sku]).toEqual(["small", "x"]);
});
const explicit = operation<{ id: bigint }, { total: number }>("process");
export const answer: Promise<{ total: number }> = explicit({ id: 1n });
`,
    "connector.ts": `
import { defineConnector } from "tallyml";
export default defineConnector({
  name: "shop",
  process(frame) {
    const ids: readonly bigint[] = frame.column("id");
    return ids.map((id) => ({ total: Number(id), size: "small" as const, lines: [] }));
  },
  "score-order": (frame) => ({ risk: new Float32Array(frame.length), photo: frame.column("size").map((size) => new Uint8Array(size.length)) }),
});
`,
  });
  expect(good).toEqual([]);
});

test("with them, a wrong name, field or value is found by the compiler", async () => {
  const shop = project({ "tally.toml": contract });
  await shop.tally(["types", "--out", "tests/operations.d.ts"]);
  const bad = compile(shop, {
    "tests/name.test.ts": `import { operation } from "tallyml";\nexport const one = operation("proces");\n`,
    "tests/field.test.ts": `import { operation } from "tallyml";\nexport const one = (await operation("process")({ id: 1n, "unit price": "1", at: "", tags: [] })).totl;\n`,
    "tests/value.test.ts": `import { operation } from "tallyml";\nexport const one = operation("process")({ id: "1", "unit price": "1", at: "", tags: [] });\n`,
    "connector.ts": `import { defineConnector } from "tallyml";
export default defineConnector({
  process: (frame) => [...frame].map(() => ({ totl: 1, size: "small" as const, lines: [] })),
  "score-order": (frame) => frame.column("size").map(() => ({ risk: 1, photo: new Uint8Array() })),
});
`,
  });
  const places = new Set(
    bad.filter((line) => /^\S/.test(line)).map((line) => line.replace(/\(.*?\): error (\w+).*/, " $1")),
  );
  expect([...places].toSorted()).toMatchInlineSnapshot(`
    [
      "connector.ts TS2322",
      "tests/field.test.ts TS2551",
      "tests/name.test.ts TS2769",
      "tests/value.test.ts TS2769",
    ]
  `);
});

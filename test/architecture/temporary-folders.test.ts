import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("whoever makes a temporary folder removes one", () => {
  const files = globSync("{src,test,tools,bench}/**/*.ts").filter((file) => !file.endsWith(".d.ts"));
  const made = files.filter((file) => /(?<!fs\.)\bmkdtemp(Sync)?\(/.test(readFileSync(file, "utf8")));
  expect(made.length).toBeGreaterThan(10);
  expect(made.filter((file) => !/\b(rmSync|rm)\(/.test(readFileSync(file, "utf8")))).toEqual([]);
});

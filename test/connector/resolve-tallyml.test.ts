import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { LogLine } from "../../src/connector/program-log.ts";
import { otherVersion } from "../../src/connector/resolve-tallyml.ts";
import { tallyVersion } from "../../src/kernel/own-package.ts";
import { local } from "../faux/local-connector.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

/** A project that has a `tallyml` of its own, which is not the running one. */
function project(version: string, connector: string): { readonly folder: string; readonly path: string } {
  const folder = temporaryFolder("project");
  const copy = join(folder, "node_modules", "tallyml");
  mkdirSync(copy, { recursive: true });
  mkdirSync(join(folder, "research"));
  writeFileSync(
    join(copy, "package.json"),
    JSON.stringify({ name: "tallyml", version, type: "module", main: "index.js" }),
  );
  writeFileSync(join(copy, "index.js"), 'throw new Error("the project\'s copy was loaded");\n');
  const path = join(folder, "research", "connector.mjs");
  writeFileSync(path, connector);
  return { folder, path };
}

const echo =
  'import { defineConnector } from "tallyml";\nexport default defineConnector({ process: (frame) => [...frame] });\n';

test("a connector gets the running Tally, and hears of the project's other version", async () => {
  const { folder, path } = project("0.0.7", echo);
  const log: LogLine[] = [];
  const endpoint = local(path, { log });
  expect(await endpoint.call("process", ['{"a":1}'], { timeoutMs: 5_000 })).toMatchObject({ answers: ['{"a":1}'] });
  await endpoint.close();
  expect(log.map(({ text }) => text.replace(folder, "").replace(tallyVersion(), "RUNNING"))).toEqual([
    "warning: /research has tallyml 0.0.7 installed; the running RUNNING is used",
  ]);
});

test("the project's version is found upwards, the same version is no other", () => {
  const { path } = project("0.0.7", echo);
  expect(otherVersion(new URL(".", pathToFileURL(path)))).toEqual({ running: tallyVersion(), project: "0.0.7" });
  expect(otherVersion(new URL(".", pathToFileURL(project(tallyVersion(), echo).path)))).toBeUndefined();
  expect(otherVersion(new URL("../../examples/sqli/", import.meta.url))).toBeUndefined();
  expect(otherVersion(pathToFileURL("/"))).toBeUndefined();
});

test("inside a connector tallyml has every name of the public face", () => {
  const names = (file: string): string[] =>
    JSON.parse(
      execFileSync(
        process.execPath,
        ["-e", "import(process.argv[1]).then((face) => console.log(JSON.stringify(Object.keys(face))))", file],
        { encoding: "utf8" },
      ),
    );
  const source = (name: string): string => fileURLToPath(new URL(`../../src/${name}`, import.meta.url));
  expect(names(source("connector/connector-face.ts"))).toEqual(names(source("index.ts")));
});

test("a word of test files says in a connector that it is one", async () => {
  const { path } = project("0.0.7", 'import { test } from "tallyml";\ntest("in the wrong file", () => {});\n');
  const error: unknown = await local(path)
    .start()
    .catch((thrown: unknown) => thrown);
  expect(error instanceof Error && error.message.replace(/^.* in node [\d.]+: /, "")).toBe(
    "AuthorMistake: test is for test files; a connector defines operations and calls none of them.",
  );
});

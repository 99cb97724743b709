import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { notWritable, openWholeFile, writeWholeFile } from "../../src/kernel/whole-file.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

/** What a step throws, as the command line would say it. */
function why(path: string, step: () => void): string {
  try {
    step();
  } catch (cause) {
    return notWritable(path, cause).message;
  }
  return "written";
}

test("what was there stays until the new file is whole", () => {
  const root = temporaryFolder("whole");
  const path = join(root, "a.txt");
  writeFileSync(path, "before");
  const file = openWholeFile(path);
  file.write("one ");
  file.write(Buffer.from("two"));
  expect(readFileSync(path, "utf8")).toBe("before");
  file.finish();
  expect(readFileSync(path, "utf8")).toBe("one two");
  expect(readdirSync(root)).toEqual(["a.txt"]);
});

test("a file that is left so leaves nothing, nor does one that is under way when Tally ends", () => {
  const root = temporaryFolder("whole");
  const path = join(root, "a.txt");
  openWholeFile(path).discard();
  expect(readdirSync(root)).toEqual([]);
  const module = pathToFileURL(join(import.meta.dirname, "../../src/kernel/whole-file.ts")).href;
  const script = `
    import { readdirSync } from "node:fs";
    import { openWholeFile, writeWholeFile } from "${module}";
    for (let i = 0; i < 20; i += 1) writeWholeFile(${JSON.stringify(join(root, "whole"))} + i, "x");
    openWholeFile(${JSON.stringify(path)}).write("half");
    console.log(readdirSync(${JSON.stringify(root)}).filter((name) => name.endsWith(".part")).length);
    throw new Error("something else");`;
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "1\n" });
  expect(stderr).not.toContain("MaxListeners");
  expect(readdirSync(root).filter((name) => !name.startsWith("whole"))).toEqual([]);
});

test.for(["SIGINT", "SIGTERM", "SIGHUP"] as const)("nor where %s ends it", async (signal) => {
  const root = temporaryFolder("whole");
  const source = `import { openWholeFile } from ${JSON.stringify(new URL("../../src/kernel/whole-file.ts", import.meta.url).href)};
openWholeFile(${JSON.stringify(join(root, "made"))}).write("half");
console.log("under way");
setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  expect(readdirSync(root)).toHaveLength(1);
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([null, signal]);
  expect(readdirSync(root)).toEqual([]);
});

test("who may read a file is not changed by writing it anew", () => {
  const path = join(temporaryFolder("whole"), "key.pem");
  writeFileSync(path, "before");
  chmodSync(path, 0o600);
  writeWholeFile(path, "after");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a part that fails leaves what was there, and nothing beside it", () => {
  const root = temporaryFolder("whole");
  const path = join(root, "a.txt");
  writeFileSync(path, "before");
  function* parts(): Generator<string> {
    yield "one";
    throw new Error("no more");
  }
  expect(() => writeWholeFile(path, parts())).toThrow("no more");
  expect(readFileSync(path, "utf8")).toBe("before");
  expect(readdirSync(root)).toEqual(["a.txt"]);
});

test("why nothing can be written is said in words", () => {
  const root = temporaryFolder("whole");
  writeFileSync(join(root, "file"), "");
  mkdirSync(join(root, "folder"));
  symlinkSync("loop", join(root, "loop"));
  const said = (path: string): string => why(path, () => writeWholeFile(join(root, path), "x"));
  expect(said("none/a")).toBe("Nothing can be written to none/a (there is no such folder).");
  expect(said("file/a")).toBe("Nothing can be written to file/a (a part of the path is a file).");
  expect(said("folder")).toBe("Nothing can be written to folder (it is a folder).");
  expect(said("loop/a")).toBe("Nothing can be written to loop/a (ELOOP).");
  expect(readdirSync(root).toSorted()).toEqual(["file", "folder", "loop"]);
});

/** What of a suite cannot be read ends the packing: without it the suite would be another one, and nobody would know. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

const line = `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`;
const files = { "tally.toml": contract, "cases/process.jsonl": line, "cases/more/process.jsonl": line };
const pack = ["pack", "--format", "bundle", "--print"];
const nobody = 65_534;

test("a link that leads nowhere, and what is no file", async () => {
  const { root, tally } = project(files);
  symlinkSync("nowhere.jsonl", join(root, "cases/inference.jsonl"));
  expect((await tally(pack)).stderr).toMatch(
    /^error\[suite-unreadable\]: .*: cases\/inference\.jsonl \(it is a symlink that leads nowhere\)/,
  );
  const other = project(files);
  const socket = createServer().listen(join(other.root, "cases/inference.jsonl"));
  onTestFinished(() => void socket.close());
  await once(socket, "listening");
  expect((await other.tally(pack)).stderr).toMatch(
    /^error\[suite-unreadable\]: .*: cases\/inference\.jsonl \(it is neither a file nor a folder\)/,
  );
});

test("a folder or a file that belongs to somebody else", ({ skip }) => {
  const { root } = project(files);
  chmodSync(root, 0o755);
  const isRoot = process.getuid?.() === 0;
  const asOther = (): string => {
    const words = [resolve("bin/tally.js"), ...pack];
    const { error, stderr, stdout } = spawnSync(process.execPath, words, {
      cwd: root,
      encoding: "utf8",
      ...(isRoot ? { uid: nobody, gid: nobody } : {}),
    });
    skip(error !== undefined || stderr.includes("Cannot find module"), "nobody else can start Tally here");
    return stderr === "" ? stdout : stderr;
  };
  const closed = (path: string): void => {
    chmodSync(join(root, path), 0);
    onTestFinished(() => chmodSync(join(root, path), 0o755));
  };
  expect(asOther()).toContain("3 files");
  closed("cases/more");
  expect(asOther()).toMatch(/^error\[suite-unreadable\]: .*: cases\/more\/ \(permission denied\)/);
  chmodSync(join(root, "cases/more"), 0o755);
  closed("cases/process.jsonl");
  expect(asOther()).toMatch(/^error\[suite-unreadable\]: .*: cases\/process\.jsonl \(permission denied\)/);
});

test("what no glob of the suite can name is nobody's business", ({ skip }) => {
  const { root } = project(files);
  mkdirSync(join(root, "private"), { mode: 0 });
  onTestFinished(() => chmodSync(join(root, "private"), 0o755));
  chmodSync(root, 0o755);
  const { error, stderr, stdout } = spawnSync(process.execPath, [resolve("bin/tally.js"), ...pack], {
    cwd: root,
    encoding: "utf8",
    ...(process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}),
  });
  skip(error !== undefined || stderr.includes("Cannot find module"), "nobody else can start Tally here");
  expect(stdout).toContain("3 files");
});

/** The example in a folder of its own: built with a real toolchain, and judged by the real command line. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { expect } from "vitest";
import { tell, type Told } from "../kit/events.ts";
import { freePort } from "../kit/free-port.ts";
import { project } from "../kit/project.ts";

const repository = resolve(import.meta.dirname, "../..");
const leftOut = new Set([".tally", "node_modules", "target", "build"]);

export interface BuiltExample {
  readonly root: string;
  /** Runs the suite against an endpoint; in `start`, `PORT` stands for a free port. */
  readonly judge: (endpoint: { readonly start: string } | { readonly command: string }) => Promise<Told>;
  readonly remove: () => void;
}

/** Copies the example, builds it, and lets the connector answer, so that the reference answers are there. */
export function buildExample(command: string, args: readonly string[]): BuiltExample {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), "tally-built-example-"))), "sqli");
  cpSync(join(repository, "examples/sqli"), root, { recursive: true, filter: (path) => !leftOut.has(basename(path)) });
  run(root, command, args);
  run(root, process.execPath, [join(repository, "bin/tally.js"), "test", "--quiet"]);
  return {
    root,
    judge: async (endpoint) => {
      if ("command" in endpoint) return tell(project({}), ["-e", `cmd:${endpoint.command}`], { cwd: root });
      const port = await freePort();
      const start = endpoint.start.replace("PORT", String(port));
      return tell(project({}), ["--start", start, "-e", `http://127.0.0.1:${port}`], { cwd: root });
    },
    remove: () => rmSync(resolve(root, ".."), { recursive: true, force: true }),
  };
}

function run(cwd: string, command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  expect(status, `${command} ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
}

/** Every test passed, and every field of every record is what the connector answered. */
export function expectAgreement({ exit, ended, stderr }: Told): void {
  const { planned, fail, error, skip } = ended;
  expect({ exit, fail, error, skip }, stderr).toEqual({ exit: 0, fail: 0, error: 0, skip: 0 });
  expect(planned).toBeGreaterThanOrEqual(370);
  const fields = ended.board.map(({ operation, field }) => `${operation}.${field}`);
  expect(new Set(fields).size).toBe(22);
  expect(ended.board.filter(({ agree, compared }) => agree !== compared || compared === 0)).toEqual([]);
}

/** What a test said that failed: its fields, or its assertion. */
export function complaints({ judged }: Told, test: string): string {
  const found = judged.filter(({ id }) => id.endsWith(` > ${test}`));
  expect(found.map(({ id }) => id)).toHaveLength(1);
  const [only] = found;
  if (only === undefined || only.verdict === "pass") return "pass";
  const fields = only.mismatches.map(({ path, reference, candidate }) => `${path} ${reference} → ${candidate}`);
  const said = fields.length > 0 ? fields : only.failures.map(({ message }) => message.split("\n")[0]);
  return `${only.verdict}: ${said.join(", ")}`;
}

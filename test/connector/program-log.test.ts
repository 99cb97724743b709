import { expect, test } from "vitest";
import { type LogLine, ProgramLog } from "../../src/connector/program-log.ts";

test("lines are handed on whole, however they come, and the last ones are kept", () => {
  const lines: LogLine[] = [];
  const log = new ProgramLog((line) => lines.push(line));
  log.push("stdout", "one\ntw");
  log.push("stderr", "trace\r\n");
  log.push("stdout", "o\nthree");
  log.end();
  expect(lines).toEqual([
    { stream: "stdout", text: "one" },
    { stream: "stderr", text: "trace" },
    { stream: "stdout", text: "two" },
    { stream: "stdout", text: "three" },
  ]);
  expect(log.lastLines(2)).toBe("o\nthree");
});

test("a flood is cut and counted, and its end is kept", () => {
  const lines: LogLine[] = [];
  const log = new ProgramLog((line) => lines.push(line));
  for (let i = 0; i < 2_000; i++) log.push("stderr", `${String(i).padStart(1_023, "x")}\n`);
  log.end();
  const handed = lines.filter(({ text }) => text.startsWith("x"));
  const dropped = lines.flatMap(({ text }) => /^… (\d+) more lines were not shown$/.exec(text)?.[1] ?? []).map(Number);
  // 256 KiB a second; the flood may cross into a second one.
  expect(handed.length).toBeLessThanOrEqual(512);
  expect(handed.length + dropped.reduce((sum, count) => sum + count, 0)).toBe(2_000);
  expect(log.lastLines(1)).toBe("1999".padStart(1_023, "x"));
});

test("a line without an end takes bounded memory", () => {
  const lines: LogLine[] = [];
  const log = new ProgramLog((line) => lines.push(line));
  for (let i = 0; i < 100; i++) log.push("stdout", "x".repeat(10_000));
  log.end();
  expect(lines.map(({ text }) => text.length)).toEqual([8_192]);
});

import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { quoteShell } from "../../src/kernel/posix-words.ts";
import { curlLine, replayLine } from "../../src/report/shell-line.ts";

/** What a shell makes of a line: its words. */
const words = (line: string) =>
  spawnSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" })
    .stdout.split("\0")
    .slice(0, -1);

const bodyOf = (line: string | undefined) => words(line ?? "").at(-1) ?? "";

describe("a shell line", () => {
  test.each([
    "plain",
    "two words",
    "it's",
    `"$HOME" \`id\` $(id) \\ !`,
    "line\nbreak",
    "-rf",
    "",
    "数据",
    "*?[a]{b,c}~",
  ])("keeps a word as it is: %j", (word) => {
    expect(words(quoteShell(word))).toEqual([word]);
  });

  test("quotes only what needs it", () => {
    expect(["7f3a91c2", "http://127.0.0.1:8080/process", "a b", "it's"].map(quoteShell)).toEqual([
      "7f3a91c2",
      "http://127.0.0.1:8080/process",
      "'a b'",
      `'it'\\''s'`,
    ]);
  });

  test("replays a failure by its id", () => {
    expect(replayLine("7f3a91c2")).toBe("tally replay 7f3a91c2");
  });

  test.each([
    ["http://127.0.0.1:8080", "curl -sS http://127.0.0.1:8080/process -H 'content-type: application/json' -d '[{}]'"],
    [
      "http://host/models/sqli/",
      "curl -sS http://host/models/sqli/process -H 'content-type: application/json' -d '[{}]'",
    ],
    ["http://host/m?v=2", "curl -sS 'http://host/m/process?v=2' -H 'content-type: application/json' -d '[{}]'"],
    ["http://[::1]:8080", "curl -sS -g 'http://[::1]:8080/process' -H 'content-type: application/json' -d '[{}]'"],
    [
      "unix:/run/my model.sock",
      "curl -sS --unix-socket '/run/my model.sock' http://localhost/process -H 'content-type: application/json' -d '[{}]'",
    ],
    ["cmd:./build/model", undefined],
    ["py:connector.py", undefined],
    ["node:connector.ts", undefined],
    ["kserve+http://host", undefined],
  ])("asks %s", (url, line) => {
    expect(curlLine(url, "process", "{}")).toBe(line);
  });

  test.each([
    `{"query":"' OR 1=1 --"}`,
    String.raw`{"a":"\u0000\\\"","b":[1,2.50,-0]}`,
    `{"a":"数据 👩‍🚀 \u202E\u0085\uFEFF"}`,
    `{\n  "a": 1,\r\n\t"b": "@file"\n}`,
    `{"a":"$(touch /tmp/x) \`id\` $HOME !!"}`,
  ])("sends the same JSON, and nothing unseen: %j", (input) => {
    const body = bodyOf(curlLine("http://h", "p", input));
    expect(JSON.parse(body)).toEqual([JSON.parse(input)]);
    expect(body.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu)).toBeNull();
  });

  test("is not made of a record that fills pages", () => {
    expect(curlLine("http://h", "p", `"${"x".repeat(30_000)}"`)).toBeUndefined();
  });
});

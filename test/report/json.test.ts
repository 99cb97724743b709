import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEventLine } from "../../src/verdict/event-line.ts";
import { openReporter } from "../../src/report/open-reporter.ts";
import { render } from "./render.ts";
import { greenRun, portUnderWay, started } from "./sample-run.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

describe("the json reporter", () => {
  test("writes one object with everything a program needs", async () => {
    const run = JSON.parse(await render("json", portUnderWay()));
    const union = run.tests.find((each: { failure?: string }) => each.failure === "c41f6e05");
    expect({
      ...run,
      tests: run.tests.length,
      operations: run.operations.length,
      board: run.board.length,
    }).toMatchInlineSnapshot(`
      {
        "at": "2026-11-22T13:40:05.120Z",
        "board": 7,
        "calls": 19,
        "clues": [
          {
            "agree": 60,
            "agreeWith": 0,
            "field": "null_values",
            "off": 4,
            "offWith": 4,
            "operation": "process",
            "words": "query has upper-case NULL",
          },
        ],
        "conserved": true,
        "counts": {
          "error": 2,
          "fail": 13,
          "known": 1,
          "nearTies": 2,
          "pass": 47,
          "planned": 65,
          "recommended": 1,
          "skip": 2,
          "unjudged": 0,
        },
        "deltas": [
          {
            "beyond": 4,
            "field": "null_values",
            "operation": "process",
            "scale": "abs",
            "sizes": {
              "classes": [
                {
                  "at": 0,
                  "count": 3,
                },
                {
                  "at": 3,
                  "count": 1,
                },
              ],
              "count": 4,
              "max": 1.9952623149688795,
              "min": 1,
            },
            "tolerance": {},
            "within": 0,
          },
          {
            "beyond": 2,
            "field": "score",
            "operation": "inference",
            "scale": "tolerance",
            "sizes": {
              "classes": [
                {
                  "at": -100,
                  "count": 12,
                },
                {
                  "at": -98,
                  "count": 8,
                },
                {
                  "at": 56,
                  "count": 2,
                },
              ],
              "count": 22,
              "max": 398107.1705534969,
              "min": 1e-10,
            },
            "tolerance": {
              "abs": 0.000001,
            },
            "within": 20,
          },
        ],
        "endpoints": [
          {
            "name": "sqli",
            "role": "reference",
            "runtime": "recorded answers",
            "url": "py:research/connector.py",
            "version": "1.4.0",
          },
          {
            "name": "sqli-java",
            "role": "candidate",
            "url": "http://127.0.0.1:8080",
            "version": "2.0.0-SNAPSHOT",
          },
        ],
        "exit": 1,
        "history": [
          {
            "at": "2026-11-22T12:40:05.120Z",
            "error": 2,
            "fail": 11,
            "pass": 4,
            "planned": 17,
            "run": "20261122-124005-1111",
          },
          {
            "at": "2026-11-22T13:10:05.120Z",
            "error": 0,
            "fail": 2,
            "partial": true,
            "pass": 1,
            "planned": 3,
            "run": "20261122-131005-2222",
          },
        ],
        "incomplete": false,
        "ms": 1130,
        "operations": 3,
        "records": 131,
        "retries": 1,
        "run": "20261122-134005-5f2c",
        "seed": 20261122,
        "selection": [],
        "suite": {
          "digest": "sha256:9c1e0b2f6a53d1f0a4b7c8e95d2f31407be6a8c95410fd2c7e3b9a6f8d0c1e24",
          "name": "sqli-ml-test",
          "version": "1.4.0",
        },
        "tally": "0.1.0",
        "tests": 65,
        "timings": [
          {
            "calls": 14,
            "ms": {
              "classes": [
                {
                  "at": -2,
                  "count": 3,
                },
                {
                  "at": 1,
                  "count": 8,
                },
                {
                  "at": 4,
                  "count": 2,
                },
                {
                  "at": 17,
                  "count": 1,
                },
              ],
              "count": 14,
              "max": 50.11872336272722,
              "min": 0.6309573444801932,
            },
            "operation": "process",
            "records": 96,
          },
          {
            "calls": 5,
            "ms": {
              "classes": [
                {
                  "at": 6,
                  "count": 5,
                },
              ],
              "count": 5,
              "max": 3.9810717055349722,
              "min": 3.9810717055349722,
            },
            "operation": "inference",
            "records": 35,
          },
        ],
        "v": 1,
        "warnings": [
          {
            "code": "endpoint-bare-nan",
            "count": 3,
            "hint": "Answer the string "NaN" instead.",
            "message": "The endpoint writes NaN as a bare token, which is not JSON.",
          },
          {
            "code": "field-extra",
            "message": "process answers a field \`debug\` that nobody declared.",
          },
        ],
      }
    `);
    expect(union).toMatchInlineSnapshot(`
      {
        "divergence": {
          "operation": "process",
          "path": "null_values",
        },
        "exchanges": [
          {
            "answer": {
              "is_injection": false,
              "score": 0.4933171272277832,
            },
            "asked": "test",
            "batch": 17,
            "input": {
              "query": "' OR 1=1 UNION SELECT NULL,NULL --",
            },
            "ms": 2.5,
            "n": 1,
            "operation": "inference",
            "reference": {
              "is_injection": true,
              "score": 0.9731854796409607,
            },
          },
          {
            "answer": {
              "entropy": 3.8073549220576037,
              "length": 34,
              "normalized": "' or 1=1 union select null,null --",
              "null_values": 0,
            },
            "asked": "stage",
            "batch": 1,
            "input": {
              "query": "' OR 1=1 UNION SELECT NULL,NULL --",
            },
            "ms": 1.25,
            "n": 2,
            "operation": "process",
            "reference": {
              "entropy": 3.807354922057604,
              "length": 34,
              "normalized": "' or 1=1 union select null,null --",
              "null_values": 2,
            },
          },
        ],
        "failure": "c41f6e05",
        "failures": [],
        "file": "tests/inference.test.ts",
        "id": "tests/inference.test.ts > inference > flags a union injection",
        "kind": "test",
        "level": "required",
        "line": 9,
        "mismatches": [
          {
            "candidate": false,
            "exchange": 1,
            "kind": "value",
            "operation": "inference",
            "path": "is_injection",
            "reference": true,
          },
          {
            "candidate": 0.4933171272277832,
            "delta": {
              "abs": 0.4798683524131775,
              "rel": 0.4930903468,
              "ulp": 5404319552844594,
            },
            "exchange": 1,
            "kind": "value",
            "operation": "inference",
            "path": "score",
            "reference": 0.9731854796409607,
            "tolerance": {
              "abs": 0.000001,
            },
          },
        ],
        "ms": 1.5,
        "name": "flags a union injection",
        "reason": "mismatch",
        "tags": [
          "union",
          "smoke",
        ],
        "verdict": "fail",
      }
    `);
  });

  test("keeps digits that a double has not", async () => {
    expect(await render("json", portUnderWay())).toContain(`"score":0.49331712722778320`);
  });

  test("says that a run broke off", async () => {
    const run = JSON.parse(await render("json", greenRun().slice(0, -2)));
    expect(run).toMatchObject({ v: 1, incomplete: true, counts: { planned: 48, pass: 47, unjudged: 1 } });
    expect(run.tests.at(-1)).toMatchObject({ id: "cases/smoke.jsonl > attack 40", verdict: null });
  });

  test("writes valid JSON for a run without any event", async () => {
    expect(JSON.parse(await render("json", []))).toMatchObject({ v: 1, tests: [], incomplete: true });
  });
});

describe("the ndjson reporter", () => {
  test("writes the stream itself", async () => {
    const text = await render("ndjson", portUnderWay());
    expect(text.trimEnd().split("\n").map(readEventLine)).toEqual(portUnderWay());
  });
});

describe("a reporter with a path", () => {
  test("writes an event before it takes the next", async () => {
    const path = join(temporaryFolder("report"), "deep/er/events.ndjson");
    const reporter = await openReporter("ndjson", { out: { write: () => expect.unreachable() }, path });
    reporter.event(started());
    expect(readEventLine(readFileSync(path, "utf8").trimEnd())).toEqual(started());
    await reporter.end();
  });

  test("writes a whole file or none", async () => {
    const dir = temporaryFolder("report");
    const reporter = await openReporter("json", {
      out: { write: () => expect.unreachable() },
      path: join(dir, "run.json"),
    });
    for (const event of greenRun()) reporter.event(event);
    expect(readdirSync(dir)).toEqual([`run.json.${process.pid}.part`]);
    await reporter.end();
    expect(readdirSync(dir)).toEqual(["run.json"]);
    expect(JSON.parse(readFileSync(join(dir, "run.json"), "utf8"))).toMatchObject({ counts: { pass: 48 } });
  });

  test("says at once that nothing can be written there", async () => {
    const opening = openReporter("ndjson", { out: { write: () => {} }, path: "/proc/tally/events.ndjson" });
    await expect(opening).rejects.toMatchObject({ problem: { code: "out-not-writable", exit: 2 } });
  });

  test("is unknown by another name, and the nearest is offered", async () => {
    const opening = openReporter("jnuit", { out: { write: () => {} } });
    await expect(opening).rejects.toMatchObject({
      problem: { code: "reporter-unknown", hint: "Did you mean --reporter junit?" },
    });
  });
});

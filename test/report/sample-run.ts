/**
 * Runs as they really look: a detector of SQL injections (process → inference → explain), its suite against a port.
 * Builders only; every event is what an engine would emit.
 */
import type {
  BoardField,
  Exchange,
  LocatedMismatch,
  OperationOutline,
  RunEnded,
  RunEvent,
  RunStarted,
  TestJudged,
  TestPlanned,
} from "../../src/verdict/run-event.ts";

export const operations: readonly OperationOutline[] = [
  {
    name: "process",
    fields: [
      { name: "null_values", type: "int", doc: "Words NULL outside of string literals" },
      { name: "entropy", type: "float64", doc: "Shannon entropy of the characters", unit: "bit" },
      { name: "length", type: "int", unit: "code point" },
      { name: "normalized", type: "string", doc: "Lower case, NFC, one space between words" },
    ],
  },
  {
    name: "inference",
    after: "process",
    fields: [
      { name: "is_injection", type: "boolean" },
      { name: "score", type: "float64", doc: "Probability of an injection" },
    ],
  },
  { name: "explain", after: "inference", fields: [{ name: "reasons", type: "list<string>" }] },
];

export function started(over: Partial<RunStarted> = {}): RunStarted {
  return {
    type: "run-started",
    v: 1,
    run: "20261122-134005-5f2c",
    at: "2026-11-22T13:40:05.120Z",
    tally: "0.1.0",
    suite: {
      name: "sqli-ml-test",
      version: "1.4.0",
      digest: "sha256:9c1e0b2f6a53d1f0a4b7c8e95d2f31407be6a8c95410fd2c7e3b9a6f8d0c1e24",
    },
    seed: 20261122,
    endpoints: [
      {
        role: "reference",
        url: "py:research/connector.py",
        name: "sqli",
        runtime: "recorded answers",
        version: "1.4.0",
      },
      { role: "candidate", url: "http://127.0.0.1:8080", name: "sqli-java", version: "2.0.0-SNAPSHOT" },
    ],
    operations,
    selection: [],
    ...over,
  };
}

export function planned(id: string, over: Partial<TestPlanned> = {}): TestPlanned {
  const parts = id.split(" > ");
  return {
    type: "test-planned",
    id,
    file: parts[0] ?? id,
    name: parts.at(-1) ?? id,
    kind: id.startsWith("cases/") ? "case" : "test",
    level: "required",
    tags: [],
    ...over,
  };
}

export function judged(id: string, over: Partial<TestJudged> = {}): TestJudged {
  return {
    type: "test-judged",
    id,
    verdict: "pass",
    level: "required",
    mismatches: [],
    failures: [],
    ms: 1.5,
    ...over,
  };
}

export function exchange(id: string, operation: string, over: Partial<Exchange> = {}): Exchange {
  return { type: "exchange", id, n: 1, operation, input: "{}", batch: 1, asked: "test", ms: 1.25, ...over };
}

export function mismatch(operation: string, path: string, over: Partial<LocatedMismatch> = {}): LocatedMismatch {
  return { operation, path, kind: "value", exchange: 1, ...over };
}

/** The end of a run, counted from what was judged before. */
export function ended(events: readonly RunEvent[], over: Partial<RunEnded> = {}): RunEnded {
  const verdicts = events.filter((event) => event.type === "test-judged");
  const count = (verdict: string) => verdicts.filter((event) => event.verdict === verdict).length;
  const fail = count("fail");
  return {
    type: "run-ended",
    planned: events.filter((event) => event.type === "test-planned").length,
    pass: count("pass"),
    fail,
    error: count("error"),
    skip: count("skip"),
    known: count("known"),
    recommended: verdicts.filter((event) => event.verdict === "fail" && event.level === "recommended").length,
    nearTies: verdicts.reduce((sum, event) => sum + (event.nearTies ?? 0), 0),
    calls: 19,
    records: 131,
    retries: 0,
    board: [],
    exit: fail > 0 ? 1 : 0,
    ms: 1130,
    ...over,
  };
}

const sizes = (classes: readonly (readonly [number, number])[]) => ({
  count: classes.reduce((sum, [, count]) => sum + count, 0),
  min: 10 ** ((classes[0]?.[0] ?? 0) / 10),
  max: 10 ** ((classes.at(-1)?.[0] ?? 0) / 10),
  classes: classes.map(([at, count]) => ({ at, count })),
});

/** What a run against a candidate measures. */
export const measures = {
  timings: [
    { operation: "process", calls: 14, records: 96, ms: sizes([[-2, 3], [1, 8], [4, 2], [17, 1]]) }, // prettier-ignore
    { operation: "inference", calls: 5, records: 35, ms: sizes([[6, 5]]) },
  ],
  deltas: [
    {
      operation: "process",
      field: "null_values",
      scale: "abs",
      tolerance: {},
      within: 0,
      beyond: 4,
      sizes: sizes([[0, 3], [3, 1]]), // prettier-ignore
    },
    {
      operation: "inference",
      field: "score",
      scale: "tolerance",
      tolerance: { abs: 1e-6 },
      within: 20,
      beyond: 2,
      sizes: sizes([[-100, 12], [-98, 8], [56, 2]]), // prettier-ignore
    },
  ],
  clues: [
    {
      operation: "process",
      field: "null_values",
      words: "query has upper-case NULL",
      off: 4,
      offWith: 4,
      agree: 60,
      agreeWith: 0,
    },
  ],
  history: [
    { run: "20261122-124005-1111", at: "2026-11-22T12:40:05.120Z", planned: 17, pass: 4, fail: 11, error: 2 },
    {
      run: "20261122-131005-2222",
      at: "2026-11-22T13:10:05.120Z",
      planned: 3,
      pass: 1,
      fail: 2,
      error: 0,
      partial: true,
    },
  ],
} as const satisfies Partial<RunEnded>;

const nullWords = "tests/features.test.ts > process > counts null words in any case";
const nullWordsFails: readonly RunEvent[] = [
  planned(nullWords, { line: 12, tags: ["null"], bug: "BUG-17" }),
  exchange(nullWords, "process", {
    input: `{"query":"1 UNION SELECT NULL, null --"}`,
    answer: `{"null_values":1,"entropy":3.9182958340544896,"length":28,"normalized":"1 union select null, null --"}`,
    reference: `{"null_values":2,"entropy":3.9182958340544896,"length":28,"normalized":"1 union select null, null --"}`,
    batch: 64,
  }),
  judged(nullWords, {
    verdict: "fail",
    reason: "mismatch",
    failure: "7f3a91c2",
    mismatches: [
      mismatch("process", "null_values", {
        reference: "2",
        candidate: "1",
        delta: { abs: 1, rel: 0.5 },
        tolerance: {},
      }),
    ],
    failures: [
      {
        message: "process.null_values: expected 2, candidate 1",
        at: { file: "tests/features.test.ts", line: 14, column: 57 },
        frame: [
          `  12 │ test("counts null words in any case", async () => {`,
          `  13 │   const answer = await process({ query: "1 UNION SELECT NULL, null --" });`,
          `> 14 │   expect(answer).toTally({ null_values: 2 });`,
          `     │                  ^`,
          `  15 │ });`,
        ].join("\n"),
      },
    ],
    divergence: { operation: "process", path: "null_values" },
    ms: 3.42,
  }),
];

const entropy = "tests/features.test.ts > process > entropy of an empty query is 0";
const entropyFails: readonly RunEvent[] = [
  planned(entropy, { line: 21 }),
  exchange(entropy, "process", {
    input: `{"query":""}`,
    answer: `{"null_values":0,"entropy":"NaN","length":0,"normalized":"","debug":true}`,
    reference: `{"null_values":0,"entropy":0.0,"length":0,"normalized":""}`,
    batch: 64,
  }),
  judged(entropy, {
    verdict: "fail",
    reason: "mismatch",
    failure: "0b64d8aa",
    mismatches: [
      mismatch("process", "entropy", {
        reference: "0",
        candidate: `"NaN"`,
        tolerance: { rel: 1e-9 },
        hint: "0·log 0 is NaN in floating point; Research counts it as 0.",
      }),
    ],
    divergence: { operation: "process", path: "entropy" },
    output: "entropy of '' in nats: NaN\n",
  }),
];

const union = "tests/inference.test.ts > inference > flags a union injection";
const unionFails: readonly RunEvent[] = [
  planned(union, { line: 9, tags: ["union", "smoke"] }),
  exchange(union, "process", {
    n: 2,
    input: `{"query":"' OR 1=1 UNION SELECT NULL,NULL --"}`,
    answer: `{"null_values":0,"entropy":3.8073549220576037,"length":34,"normalized":"' or 1=1 union select null,null --"}`,
    reference: `{"null_values":2,"entropy":3.8073549220576041,"length":34,"normalized":"' or 1=1 union select null,null --"}`,
    asked: "stage",
  }),
  exchange(union, "inference", {
    input: `{"query":"' OR 1=1 UNION SELECT NULL,NULL --"}`,
    answer: `{"is_injection":false,"score":0.49331712722778320}`,
    reference: `{"is_injection":true,"score":0.9731854796409607}`,
    batch: 17,
    ms: 2.5,
  }),
  judged(union, {
    verdict: "fail",
    reason: "mismatch",
    failure: "c41f6e05",
    mismatches: [
      mismatch("inference", "is_injection", { reference: "true", candidate: "false" }),
      mismatch("inference", "score", {
        reference: "0.9731854796409607",
        candidate: "0.49331712722778320",
        delta: { abs: 0.4798683524131775, rel: 0.4930903468, ulp: 5404319552844594 },
        tolerance: { abs: 1e-6 },
      }),
    ],
    divergence: { operation: "process", path: "null_values" },
  }),
];

const unicode = "tests/features.test.ts > process > counts code points: 👩‍🚀 is three, 数据 two";
const unicodeFails: readonly RunEvent[] = [
  planned(unicode, { line: 30, tags: ["unicode"] }),
  exchange(unicode, "process", {
    input: String.raw`{"query":"数据 👩‍🚀 cafe\u0301"}`,
    answer: `{"null_values":0,"entropy":3.4594316186372973,"length":14,"normalized":"数据 👩‍🚀 cafe\u0301"}`,
    reference: `{"null_values":0,"entropy":3.4594316186372973,"length":11,"normalized":"数据 👩‍🚀 café"}`,
    batch: 64,
  }),
  judged(unicode, {
    verdict: "fail",
    reason: "mismatch",
    failure: "e29b11f4",
    mismatches: [
      mismatch("process", "length", { reference: "11", candidate: "14", delta: { abs: 3, rel: 3 / 11 } }),
      mismatch("process", "normalized", {
        reference: `"数据 👩‍🚀 café"`,
        candidate: `"数据 👩‍🚀 cafe\u0301"`,
        hint: "Equal after Unicode normalisation (NFC).",
      }),
    ],
    divergence: { operation: "process", path: "length" },
  }),
];

const batch = "tests/inference.test.ts > inference > a record does not know its neighbours";
const batchFails: readonly RunEvent[] = [
  planned(batch, { line: 40 }),
  exchange(batch, "inference", {
    input: `{"query":"admin'--"}`,
    answer: `{"is_injection":false,"score":0.31002521514892578}`,
    reference: `{"is_injection":true,"score":0.8831152844429016}`,
    alone: `{"is_injection":true,"score":0.8831152844429016}`,
    batch: 64,
  }),
  judged(batch, {
    verdict: "fail",
    reason: "batch-dependent",
    failure: "51d07c9e",
    note: "Right alone, wrong in a batch of 64.",
    mismatches: [mismatch("inference", "is_injection", { reference: "true", candidate: "false" })],
    divergence: { operation: "inference", path: "is_injection" },
  }),
];

const monotone = "tests/inference.test.ts > inference > a longer payload never lowers the score";
const monotoneFails: readonly RunEvent[] = [
  planned(monotone, { line: 52, tags: ["directional"] }),
  exchange(monotone, "inference", {
    input: `{"query":"' OR 1=1"}`,
    answer: `{"is_injection":true,"score":0.91}`,
    reference: `{"is_injection":true,"score":0.91}`,
  }),
  exchange(monotone, "inference", {
    n: 2,
    input: `{"query":"' OR 1=1 --"}`,
    answer: `{"is_injection":true,"score":0.87}`,
    reference: `{"is_injection":true,"score":0.94}`,
  }),
  judged(monotone, {
    verdict: "fail",
    reason: "assertion",
    failure: "a90b3c1d",
    failures: [
      {
        message: "expected 0.87 to be greater than or equal to 0.91",
        diff: "- Expected\n+ Received\n\n- 0.91\n+ 0.87",
        at: { file: "tests/inference.test.ts", line: 56, column: 24 },
        frame:
          '  55 │   const longer = await inference({ query: "\' OR 1=1 --" });\n> 56 │   expect(longer.score).toBeGreaterThanOrEqual(shorter.score);\n     │                        ^\n  57 │ });',
      },
    ],
    divergence: { operation: "inference", path: "score" },
  }),
];

const broken = "tests/inference.test.ts > inference > survives a query of 1 MB";
const slow = "tests/inference.test.ts > inference > answers within the deadline";
const faults: readonly RunEvent[] = [
  planned(broken, { line: 60 }),
  exchange(broken, "inference", {
    input: `{"query":"${"A".repeat(3000)}"}`,
    fault: {
      code: "endpoint-unreachable",
      message: "No answer from http://127.0.0.1:8080/inference (connection reset).",
      hint: "Start it first, or check the port: curl -i http://127.0.0.1:8080/health",
      exit: 3,
      detail: "java.lang.OutOfMemoryError: Java heap space\n\tat Sqli.main(Sqli.java:71)",
    },
  }),
  judged(broken, {
    verdict: "error",
    reason: "fault",
    failure: "d3aa0917",
    fault: {
      code: "endpoint-unreachable",
      message: "No answer from http://127.0.0.1:8080/inference (connection reset).",
      hint: "Start it first, or check the port: curl -i http://127.0.0.1:8080/health",
      exit: 3,
      detail: "java.lang.OutOfMemoryError: Java heap space\n\tat Sqli.main(Sqli.java:71)",
    },
    ms: 5012,
  }),
  planned(slow, { line: 66 }),
  judged(slow, {
    verdict: "error",
    reason: "timeout",
    failure: "11c8d4f7",
    note: "No end after 5 s (--test-timeout).",
    ms: 5000,
  }),
];

const recommended = "tests/inference.test.ts > inference > prefers the shorter explanation";
const hostile =
  'tests/<script>alert(1)<\u002fscript>.test.ts > \u001B[31mred\u001B[0m \u202Etxt.exe > "><img src=x onerror=alert(1)>';
const others: readonly RunEvent[] = [
  planned(recommended, { line: 72, level: "recommended" }),
  judged(recommended, {
    verdict: "fail",
    reason: "assertion",
    failure: "64be02f0",
    level: "recommended",
    failures: [{ message: "expected 3 to be less than 3" }],
  }),
  planned("tests/inference.test.ts > inference > reads hexadecimal literals", { line: 80 }),
  judged("tests/inference.test.ts > inference > reads hexadecimal literals", {
    verdict: "skip",
    reason: "skipped",
    note: "waits for 0x literals in the lexer",
    ms: 0,
  }),
  planned("tests/inference.test.ts > inference > reads stacked queries", { line: 84 }),
  judged("tests/inference.test.ts > inference > reads stacked queries", { verdict: "skip", reason: "todo", ms: 0 }),
  planned("tests/inference.test.ts > inference > the score of a comment", { line: 90 }),
  judged("tests/inference.test.ts > inference > the score of a comment", {
    verdict: "known",
    reason: "mismatch",
    note: "accepted until 2027-01-31 (BUG-9)",
  }),
  planned("tests/inference.test.ts > inference > the threshold is 0.5", { line: 95 }),
  judged("tests/inference.test.ts > inference > the threshold is 0.5", {
    nearTies: 2,
    note: "score 0.4999999 against 0.5000001",
  }),
  planned(hostile, { line: 3, tags: ["<b>bold</b>"] }),
  exchange(hostile, "process", {
    input:
      String.raw`{"query":"</pre><script>alert('x')</script>` +
      `\u202E` +
      String.raw`\u0007; rm -rf $HOME ` +
      "`id`" +
      `'"}`,
    answer: `{"null_values":0,"entropy":1,"length":0,"normalized":"<img src=x onerror=alert(2)>"}`,
  }),
  judged(hostile, {
    verdict: "fail",
    reason: "mismatch",
    failure: "bad0beef",
    mismatches: [
      mismatch("process", "normalized", { reference: `"&lt;"`, candidate: `"<img src=x onerror=alert(2)>"` }),
    ],
    failures: [{ message: "\u001B]0;owned\u0007 <b>not bold</b>" }],
    output: "\u001B[2J\u001B[31mcleared\u001B[0m\r\n</details><h1>injected</h1>\n",
  }),
];

const explainTests = ["names the union", "names the comment", "names nothing for a harmless query"];
const notImplemented: readonly RunEvent[] = explainTests.flatMap((name) => {
  const id = `tests/explain.test.ts > explain > ${name}`;
  return [
    planned(id),
    judged(id, {
      verdict: "fail",
      reason: "not-implemented",
      failure: `00e${name.length.toString(16).padStart(5, "0")}`,
      note: "explain is not implemented (HTTP 501)",
    }),
  ];
});

const features = ["null", "select", "union", "quote", "comment", "hex", "space", "digit"];
const passing: readonly RunEvent[] = features.flatMap((name) => {
  const id = `tests/features.test.ts > process > a query with one ${name}`;
  return [planned(id), judged(id)];
});

const cases: readonly RunEvent[] = Array.from({ length: 40 }, (_, row) => row).flatMap((row) => {
  const id = `cases/smoke.jsonl > ${row % 2 === 0 ? "benign" : "attack"} ${String(row + 1).padStart(2, "0")}`;
  if (row !== 7 && row !== 23) return [planned(id, { line: row + 1 }), judged(id, { ms: 0.4 })];
  const failure = row === 7 ? "2b9f1c44" : "2b9f1c45";
  return [
    planned(id, { line: row + 1 }),
    exchange(id, "process", {
      input: `{"query":"NULL NULL ${row}"}`,
      answer: `{"null_values":0,"entropy":2.5,"length":12,"normalized":"null null ${row}"}`,
      reference: `{"null_values":2,"entropy":2.5,"length":12,"normalized":"null null ${row}"}`,
      batch: 64,
    }),
    judged(id, {
      verdict: "fail",
      reason: "mismatch",
      failure,
      mismatches: [mismatch("process", "null_values", { reference: "2", candidate: "0", delta: { abs: 2, rel: 1 } })],
      divergence: { operation: "process", path: "null_values" },
    }),
  ];
});

const board: readonly BoardField[] = [
  { operation: "process", field: "null_values", agree: 41, compared: 54, implemented: true },
  { operation: "process", field: "entropy", agree: 53, compared: 54, implemented: true },
  { operation: "process", field: "length", agree: 52, compared: 54, implemented: true },
  { operation: "process", field: "normalized", agree: 54, compared: 54, implemented: true },
  { operation: "inference", field: "is_injection", agree: 16, compared: 18, implemented: true },
  { operation: "inference", field: "score", agree: 11, compared: 18, implemented: true },
  { operation: "explain", field: "reasons", agree: 0, compared: 0, implemented: false },
];

/** A port in the middle of its way: red tests of every kind, an operation that is not there yet, hostile names. */
export function portUnderWay(): RunEvent[] {
  const events: RunEvent[] = [
    started(),
    ...passing,
    ...nullWordsFails,
    ...entropyFails,
    ...unicodeFails,
    ...unionFails,
    ...batchFails,
    ...monotoneFails,
    ...faults,
    ...others,
    ...notImplemented,
    ...cases,
    { type: "progress", planned: 71, judged: 71 },
    { type: "log", source: "suite", text: "loading the grammar: 1,204 rules\n" },
    { type: "log", source: "start", text: "Listening on 127.0.0.1:8080\n" },
    {
      type: "warning",
      code: "endpoint-bare-nan",
      message: "The endpoint writes NaN as a bare token, which is not JSON.",
      hint: `Answer the string "NaN" instead.`,
      count: 3,
    },
    { type: "warning", code: "field-extra", message: "process answers a field `debug` that nobody declared." },
  ];
  return [...inOrder(events), ended(events, { board, exit: 1, retries: 1, ...measures })];
}

/** Plans come before anything is asked, as engines emit them. */
function inOrder(events: readonly RunEvent[]): RunEvent[] {
  const start = events.filter((event) => event.type === "run-started");
  const plans = events.filter((event) => event.type === "test-planned");
  return [
    ...start,
    ...plans,
    ...events.filter((event) => event.type !== "run-started" && event.type !== "test-planned"),
  ];
}

/** Everything agrees: the reference under test, nobody else involved. */
export function greenRun(): RunEvent[] {
  const events: RunEvent[] = [
    started({
      endpoints: [
        {
          role: "reference",
          url: "py:research/connector.py",
          name: "sqli",
          runtime: "python 3.11.7 (.venv/bin/python)",
          version: "1.4.0",
        },
      ],
    }),
    ...passing,
    ...cases.filter((event) => event.type === "test-planned"),
    ...cases.filter((event) => event.type === "test-planned").map((event) => judged(event.id, { ms: 0.4 })),
  ];
  return [...inOrder(events), ended(events, { ms: 912 })];
}

/** So many failures of a few kinds, each with its exchange. */
export function manyFailures(count: number): RunEvent[] {
  const kinds = ["null_values", "entropy", "length"];
  const events: RunEvent[] = [started()];
  for (let at = 0; at < count; at++) {
    const id = `cases/attacks-${Math.floor(at / 1000)}.jsonl > attack ${at + 1}`;
    const field = kinds[at % 7 === 0 ? 1 : at % 11 === 0 ? 2 : 0] ?? "length";
    const candidate = String(at % 97);
    events.push(
      planned(id, { line: at + 1 }),
      exchange(id, "process", {
        input: `{"query":"attack ${at}"}`,
        answer: `{"null_values":${candidate},"entropy":${candidate},"length":${candidate}}`,
        reference: `{"null_values":100,"entropy":100,"length":100}`,
      }),
      judged(id, {
        verdict: "fail",
        reason: "mismatch",
        failure: (at + 0x10000000).toString(16),
        mismatches: [
          mismatch("process", field, {
            reference: "100",
            candidate,
            delta: { abs: 100 - (at % 97), rel: (100 - (at % 97)) / 100 },
          }),
        ],
        divergence: { operation: "process", path: field },
      }),
    );
  }
  return [...inOrder(events), ended(events)];
}

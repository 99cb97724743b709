/**
 * How fast the JSON reader, slicer and writer are against JSON.parse: `node bench/json-reader.ts [megabytes]`.
 *
 * Where the limit is, as profiles say (`perf record`, Node 24): about half of `readJson` is the garbage collector. Every object,
 * string and double is made in the young generation and copied twice on its way out; JSON.parse makes the values of a long text
 * in the old generation at once, which no JavaScript can. Of the other half the mispredicted ends of short tokens are the
 * largest part, then the stores under changing keys. `sliceRecords` makes one string a record and is limited by the former.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readJson } from "../src/kernel/read-json.ts";
import { rowsFromColumns, sliceColumns, sliceRecords } from "../src/kernel/slice-json.ts";
import { writeJson } from "../src/kernel/write-json.ts";

const megabytes = Number(process.argv[2] ?? 50);
const rounds = 7;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

interface Contestant {
  readonly name: string;
  /** What it made, which must stay alive while the heap is measured. */
  readonly run: () => unknown;
  /** What it made, as the text it was made from. */
  readonly again: (made: never) => string;
  readonly ms: number[];
  heapMb: number;
}

const text = recordsText(megabytes * 1e6);
const records = sliceRecords(text).records;
const value = readJson(text);
const columnText = columnsOf(records);

const contestants = [
  contestant(
    "JSON.parse",
    () => JSON.parse(text) as unknown,
    (made) => JSON.stringify(made),
  ),
  contestant(
    "readJson",
    () => readJson(text),
    (made) => JSON.stringify(made),
  ),
  contestant(
    "JSON.parse, reviver with source",
    () => JSON.parse(text, keepSource) as unknown,
    (made) => JSON.stringify(made),
  ),
  contestant(
    "sliceRecords",
    () => sliceRecords(text).records,
    (made) => `[${made.join(",")}]`,
  ),
  contestant(
    "sliceColumns",
    () => columnsOf(records),
    (made) => `[${rowsFromColumns(made, records.length).records.join(",")}]`,
  ),
  contestant(
    "rowsFromColumns",
    () => rowsFromColumns(columnText, records.length).records,
    (made) => `[${made.join(",")}]`,
  ),
  contestant(
    "JSON.stringify",
    () => JSON.stringify(value),
    (made) => made,
  ),
  contestant(
    "writeJson",
    () => writeJson(value),
    (made) => made,
  ),
];

console.log(
  `${records.length} records, ${(text.length / 1e6).toFixed(1)} MB, ${Math.round(text.length / records.length)} bytes each`,
);
for (let round = 0; round < rounds; round++) {
  for (const one of contestants) measure(one, round === rounds - 1);
}
smallDocuments();

const parse = best(contestants[0]?.ms ?? []);
console.log("\n                                   MB/s best  median   x JSON.parse   heap MB");
for (const { name, ms, heapMb } of contestants) {
  const columns = [
    rate(best(ms)).padStart(10),
    rate(median(ms)).padStart(7),
    (parse / best(ms)).toFixed(2).padStart(14),
    heapMb.toFixed(0).padStart(9),
  ];
  console.log(`${name.padEnd(34)} ${columns.join(" ")}`);
}

function contestant<Made>(name: string, run: () => Made, again: (made: Made) => string): Contestant {
  return { name, run, again, ms: [], heapMb: 0 };
}

function measure(one: Contestant, isLast: boolean): void {
  collect();
  const heapBefore = process.memoryUsage().heapUsed;
  const start = performance.now();
  const made = one.run();
  one.ms.push(performance.now() - start);
  if (!isLast) return;
  collect();
  one.heapMb = (process.memoryUsage().heapUsed - heapBefore) / 1e6;
  if (one.again(made as never) !== text) {
    console.error(`${one.name}: the text made of its result is another one`);
    process.exitCode = 1;
  }
}

/** One record at a time, as a single test's answer comes. */
function smallDocuments(): void {
  const answer = `[${records[0] ?? ""}]`;
  for (const [name, run] of [
    ["JSON.parse", JSON.parse],
    ["readJson", readJson],
    ["sliceRecords", sliceRecords],
  ] as const) {
    const times = 100_000;
    for (let warm = 0; warm < times; warm++) run(answer);
    const start = performance.now();
    for (let time = 0; time < times; time++) run(answer);
    console.log(
      `1 record (${answer.length} bytes), ${name}: ${(((performance.now() - start) / times) * 1000).toFixed(2)} µs`,
    );
  }
}

function columnsOf(slices: readonly string[]): string {
  const columns = sliceColumns(slices)?.columns ?? new Map<string, string>();
  return `{${[...columns].map(([key, list]) => `${JSON.stringify(key)}:${list}`).join(",")}}`;
}

function keepSource(this: unknown, _key: string, made: unknown, context?: { source?: string }): unknown {
  if (typeof made !== "number" || context?.source === undefined) return made;
  return context.source.length > 17 && String(made) !== context.source ? context.source : made;
}

function best(ms: readonly number[]): number {
  return Math.min(...ms);
}

function median(ms: readonly number[]): number {
  return ms.toSorted((a, b) => a - b)[ms.length >> 1] ?? 0;
}

function rate(ms: number): string {
  return (text.length / 1e3 / ms).toFixed(0);
}

/** A list of records with fields of every kind, the same on every machine. */
function recordsText(bytes: number): string {
  let state = 42;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(random() * limit);
  const words = "select from where union drop table admin user ' -- or 1=1 id name value insert update".split(" ");
  const sentence = (count: number): string => Array.from({ length: count }, () => words[below(words.length)]).join(" ");
  const made: string[] = [];
  let length = 1;
  for (let id = 0; length < bytes; id++) {
    const record = JSON.stringify({
      id,
      request_id: `r-${below(1e9).toString(16)}`,
      query: sentence(8 + below(10)),
      body: random() < 0.3 ? `line "one"\n${sentence(3)}` : sentence(5),
      label: ["sqli", "benign", "xss"][below(3)],
      entropy: random() * 8,
      score: random(),
      length: below(500),
      ratio: Math.round(random() * 1e4) / 1e4,
      null_values: below(4),
      ok: random() < 0.5,
      note: random() < 0.5 ? null : "seen",
      tags: [sentence(1), sentence(1)],
      source: { ip: `10.0.${below(255)}.${below(255)}`, port: below(65536) },
    });
    made.push(record);
    length += record.length + 1;
  }
  // Joined strings are trees; text from a socket is flat.
  return new TextDecoder().decode(new TextEncoder().encode(`[${made.join(",")}]`));
}

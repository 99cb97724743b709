import { expect, test } from "vitest";
import { type FauxRecord, fauxModel } from "../faux/faux-model.ts";
import { tell } from "../kit/events.ts";
import { withTests } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

/** The length model over HTTP, with the size of every batch it was asked. */
async function countingModel(change?: (answers: unknown[]) => unknown[]) {
  const batches: string[] = [];
  let operation = "";
  const model = await fauxModel(
    {
      process: (record) => {
        operation = "process";
        return measure(record);
      },
      inference: (record) => {
        operation = "inference";
        return decide(record);
      },
    },
    {
      change: (answers) => {
        batches.push(`${operation} ${answers.length}`);
        return change ? change(answers) : answers;
      },
    },
  );
  return { url: model.url, close: () => model.close(), batches };
}

function measure(record: FauxRecord): FauxRecord {
  const length = [...String(record["text"])].length;
  return { length, half: length / 2, label: null };
}

function decide(record: FauxRecord): FauxRecord {
  const score = 1 / (1 + Math.exp(4 - [...String(record["text"])].length));
  return { long: score >= 0.5, score };
}

const twenty = `for (let i = 0; i < 20; i += 1) test("t" + i, async () => {
  const { length } = await process({ text: "x".repeat(i) });
  await new Promise((go) => setImmediate(go));
  const { long } = await inference({ text: "y".repeat(length) });
  expect((await process({ text: String(long) })).length).toBe(long ? 4 : 5);
});`;

test("calls of concurrent tests leave in rounds: twenty tests with three dependent calls are three calls", async () => {
  const model = await countingModel();
  const suite = project(withTests(twenty));
  const { ended, exit } = await tell(suite, ["-e", model.url, "--gather-check", "off"]);
  expect({ exit, calls: ended.calls, records: ended.records, batches: model.batches }).toEqual({
    exit: 0,
    calls: 3,
    records: 60,
    batches: ["process 20", "inference 20", "process 20"],
  });
  await model.close();
});

test("the composition of batches is that of the suite, run after run", async () => {
  const model = await countingModel();
  const suite = project(withTests(twenty));
  await tell(suite, ["-e", model.url, "--batch", "8", "--gather-check", "off"]);
  const first = model.batches.splice(0).toSorted();
  await tell(suite, ["-e", model.url, "--batch", "8", "--gather-check", "off"]);
  expect(model.batches.toSorted()).toEqual(first);
  expect(first).toHaveLength(9);
  await model.close();
});

test("--no-gather sends every call by itself", async () => {
  const model = await countingModel();
  const { ended } = await tell(project(withTests(twenty)), ["-e", model.url, "--no-gather"]);
  expect({ calls: ended.calls, alone: model.batches.every((batch) => batch.endsWith(" 1")) }).toEqual({
    calls: 60,
    alone: true,
  });
  await model.close();
});

test("a test that waits for something else does not hold the round for long", async () => {
  const model = await countingModel();
  const source = `
    test("quick", async () => { expect(await process({ text: "a" })).toTally({ length: 1 }); });
    test("slow", async () => { await new Promise((go) => setTimeout(go, 400)); expect(await process({ text: "b" })).toTally({ length: 1 }); });`;
  const { ended, verdicts } = await tell(project(withTests(source)), ["-e", model.url, "--gather-check", "off"]);
  expect({ verdicts, calls: ended.calls }).toEqual({ verdicts: { quick: "pass", slow: "pass" }, calls: 2 });
  await model.close();
});

test("a failure that vanishes when its record is asked alone depends on the batch, and both answers are shown", async () => {
  const model = await countingModel((answers) =>
    answers.length > 1 ? answers.map((answer) => ({ ...Object(answer), length: 0 })) : answers,
  );
  const source = `test("a", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
    test("b", async () => { expect(await process({ text: "abcd" })).toTally({ length: 4 }); });`;
  const { events, exit, verdicts } = await tell(project(withTests(source)), ["-e", model.url]);
  expect({ exit, verdicts }).toEqual({ exit: 1, verdicts: { a: "fail batch-dependent", b: "fail batch-dependent" } });
  const exchange = events.find((event) => event.type === "exchange");
  expect(exchange).toMatchObject({
    batch: 2,
    answer: '{"length":0,"half":1.5,"label":null}',
    alone: '{"length":3,"half":1.5,"label":null}',
  });
  await model.close();
});

test("what passed in a batch is asked alone at the end, and a difference fails the run", async () => {
  const model = await countingModel((answers) =>
    answers.length === 1 ? answers.map((answer) => ({ ...Object(answer), half: 99 })) : answers,
  );
  const source = `test("a", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
    test("b", async () => { expect(await process({ text: "abcd" })).toTally({ length: 4 }); });`;
  const suite = project(withTests(source));
  const { ended, exit, judged, verdicts } = await tell(suite, ["-e", model.url]);
  expect({ exit, verdicts }).toEqual({ exit: 1, verdicts: { a: "pass", b: "pass", process: "fail batch-dependent" } });
  expect(judged.at(-1)?.note).toBe("2 of 2 records get another answer alone than in a batch");
  expect(ended.planned).toBe(3);
  expect((await tell(suite, ["-e", model.url, "--gather-check", "off"])).exit).toBe(0);
  await model.close();
});

test("a record that breaks its batch is a fault of its own test only", async () => {
  const model = await fauxModel({
    process: (record) => {
      if (record["text"] === "poison") throw new TypeError("cannot read poison");
      return measure(record);
    },
  });
  const source = `for (const text of ["a", "bb", "poison", "dddd"]) test(text, async () => { expect(await process({ text })).toTally({ length: text.length }); });`;
  const { exit, judged, verdicts } = await tell(project(withTests(source)), ["-e", model.url]);
  expect({ exit, verdicts }).toEqual({
    exit: 3,
    verdicts: { a: "pass", bb: "pass", dddd: "pass", poison: "error fault" },
  });
  expect(judged.find(({ id }) => id.endsWith("poison"))?.fault?.code).toBe("endpoint-status");
  await model.close();
});

test("a run that stops at its first failure judges nothing by what it cancelled itself", async () => {
  const suite = project(
    withTests(
      `for (const text of ["a", "bb", "ccc", "dddd"]) test(text, async () => { expect((await process({ text })).length).toBe(text === "ccc" ? 0 : text.length); });`,
    ),
  );
  const { judged } = await tell(suite, ["-x"]);
  expect(judged.filter(({ id }) => id.startsWith("gather-check"))).toEqual([]);
});

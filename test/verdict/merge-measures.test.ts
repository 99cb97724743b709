import { expect, test } from "vitest";
import { mergeEnded } from "../../src/verdict/merge-runs.ts";
import { ended, measures, started } from "../report/sample-run.ts";

const shard = (index: number, over = {}) => ({
  started: started({ run: `run-${index}`, selection: [`--shard ${index}/2`] }),
  ended: ended([], { ...measures, ...over }),
});

test("what two shards measured adds up, and neither is a run before the other", () => {
  const past = { run: "run-1", at: "2026-11-22T13:20:05.120Z", planned: 9, pass: 9, fail: 0, error: 0, partial: true };
  const whole = mergeEnded([shard(1), shard(2, { history: [...measures.history, past] })]);
  const counts = (whole?.timings ?? []).map(({ calls, ms, records }) => [calls, records, ms.count]);
  expect(counts).toEqual([
    [28, 192, 28],
    [10, 70, 10],
  ]);
  expect(whole?.deltas?.map(({ beyond, sizes, within }) => [within, beyond, sizes.count])).toEqual([
    [0, 8, 8],
    [40, 4, 44],
  ]);
  expect(whole?.clues).toMatchObject([{ off: 8, offWith: 8, agree: 120, agreeWith: 0 }]);
  expect(whole?.history?.map(({ run }) => run)).toEqual(measures.history.map(({ run }) => run));
});

test("of two clues the one that more inputs bear out stands", () => {
  const [clue] = measures.clues;
  const other = { ...clue, words: "query is empty", off: 9, offWith: 9 };
  expect(mergeEnded([shard(1), shard(2, { clues: [other] })])?.clues).toEqual([other]);
});

test("shards that measured nothing have no such keys", () => {
  const bare = { started: started(), ended: ended([]) };
  expect(Object.keys(mergeEnded([bare, bare]) ?? {})).not.toContain("timings");
});

import { expect, operation, test } from "tallyml";
import { nullsOf, queryOf } from "../models/queries.ts";

const process = operation("process");

/** So many tests of one record each. */
export function tests(count: number): void {
  for (let i = 0; i < count; i++) {
    test(`record ${i}`, async () => {
      expect(await process({ query: queryOf(i) })).toTally({ null_values: nullsOf(i), keywords: 3 });
    });
  }
}

/** One test that asks so many records, a few thousand at a time, and looks at every answer. */
export function lists(count: number): void {
  test(`${count} records`, { timeout: 600_000 }, async () => {
    const batch = 4096;
    let wrong = 0;
    for (let from = 0; from < count; from += batch) {
      const length = Math.min(batch, count - from);
      const answers = await process(Array.from({ length }, (_, i) => ({ query: queryOf(from + i) })));
      for (const [i, answer] of answers.entries()) if (answer["null_values"] !== nullsOf(from + i)) wrong += 1;
    }
    expect(wrong).toBe(0);
  });
}

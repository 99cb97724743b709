/** 1,000 tests of one record each: the same as test_thousand.py. */
import { expect, operation, test } from "tallyml";
import { nullsOf, queryOf } from "../models/queries.ts";

const process = operation("process");

for (let i = 0; i < 1000; i++) {
  test(`record ${i}`, async () => {
    const query = queryOf(i);
    const answer = await process({ query });
    expect(answer).toTally({ null_values: nullsOf(i), keywords: 3, length: query.length });
  });
}

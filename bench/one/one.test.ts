import { expect, operation, test } from "tallyml";

const process = operation("process");

test("a null is counted", async () => {
  expect(await process({ query: "select a from t where b is null" })).toTally({ null_values: 1, keywords: 3 });
});

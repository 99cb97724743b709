/** protocol/vectors/values.jsonl: when two records agree, by the declared type of a field. */
import { expect, test } from "vitest";
import { compareRecord } from "../../src/compare/compare-record.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { readJson } from "../../src/kernel/read-json.ts";
import { readVectors } from "./vectors.ts";

interface ValueVector {
  readonly name: string;
  readonly declared: string;
  readonly field?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly reference: string;
  readonly candidate: string;
  /** `agree`, or the kind of the mismatch. */
  readonly then: string;
}

test.each(readVectors<ValueVector>("values"))("$declared: $name", ({ declared, field, reference, candidate, then }) => {
  const keys = Object.entries({ type: declared, ...field }).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const contract = parseContract(
    `[model]\nname = "m"\n[operations.o]\ninput = { x = "json" }\noutput = { x = { ${keys.join(", ")} } }`,
    "/model/tally.toml",
  );
  const read = (text: string) => readJson(text, { numbers: "text" });
  const { mismatches } = compareRecord(contract.operations?.["o"]?.output, read(reference), read(candidate), {
    context: "reference",
  });
  expect(mismatches[0]?.kind ?? "agree").toBe(then);
});

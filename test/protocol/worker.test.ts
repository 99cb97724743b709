/** protocol/vectors/worker.jsonl: a value goes through a connector and comes back as it was. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseContract } from "../../src/contract/load-contract.ts";
import { type WireType, wireOperations } from "../../src/connector/worker-protocol.ts";
import { workerEndpoint } from "../../src/endpoint/worker-endpoint.ts";
import { readVectors } from "./vectors.ts";

interface WorkerVector {
  readonly name: string;
  /** The type as a contract says it, and as `hello` says it. */
  readonly declared: string;
  readonly field: WireType;
  readonly record: string;
  readonly then: { readonly record: string };
}

const vectors = readVectors<WorkerVector>("worker");
const declared = [...new Set(vectors.map((vector) => vector.declared))];

/** One echo operation for each declared type, so that one worker serves all vectors. */
const contract = parseContract(
  `[model]\nname = "echo"\n${declared
    .map((type, i) => `[operations.o${i}]\ninput = { x = "${type}" }\noutput = { x = "${type}" }`)
    .join("\n")}`,
  "/model/tally.toml",
);

const folder = mkdtempSync(join(tmpdir(), "tally-worker-"));
const path = join(folder, "connector.mjs");
writeFileSync(path, `export default { ${declared.map((_, i) => `o${i}: (frame) => [...frame]`).join(", ")} };\n`);
const endpoint = workerEndpoint({ connector: { kind: "node", path, workers: 1, env: {} }, contract, cwd: folder });
afterAll(async () => {
  await endpoint.close();
  rmSync(folder, { recursive: true });
});

test.each(vectors)("$declared: $name", async (vector) => {
  const outcome = await endpoint.call(`o${declared.indexOf(vector.declared)}`, [vector.record], { timeoutMs: 20_000 });
  const answers = outcome.kind === "answered" ? outcome.answers : outcome;
  // A node connector writes numbers in the shortest way.
  expect(answers).toEqual([vector.then.record.replace("-0.0", "-0")]);
});

test("the types of the vectors are those of hello", () => {
  const said = wireOperations(contract) ?? {};
  for (const { declared: type, field } of vectors)
    expect(said[`o${declared.indexOf(type)}`]?.output["x"]).toEqual(field);
});

/** A small probe of the wire: does every operation answer `[]` with `[]`, and two records with two of the declared types? */
import { conforms } from "../../compare/conforms.ts";
import type { Contract, Operation } from "../../contract/contract.ts";
import { exampleRecord, inputFields } from "../../contract/example-record.ts";
import type { CallOutcome, Endpoint } from "../../endpoint/endpoint.ts";
import { type Problem, problem } from "../../kernel/errors.ts";
import { readJson } from "../../kernel/read-json.ts";
import { readError } from "../../compare/error-record.ts";
import { numberMode } from "../../record/decode-record.ts";
import { type Check, failed, ok } from "./check.ts";

/** A finding for each operation. */
export async function checkWire(endpoint: Endpoint, contract: Contract, timeoutMs: number): Promise<Check[]> {
  const checks: Check[] = [];
  for (const operation of Object.values(contract.operations ?? {}))
    checks.push(await checkOperation(endpoint, contract, operation, timeoutMs));
  return checks;
}

async function checkOperation(
  endpoint: Endpoint,
  contract: Contract,
  operation: Operation,
  timeoutMs: number,
): Promise<Check> {
  const { name } = operation;
  const ask = (records: readonly string[]): Promise<CallOutcome> => endpoint.call(name, records, { timeoutMs });
  const none = await ask([]);
  if (none.kind === "not-implemented") return { name, status: "note", said: "not implemented yet" };
  if (none.kind !== "answered") return failed(name, none.fault);
  const record = JSON.stringify(exampleRecord(inputFields(contract, operation)));
  const two = await ask([record, record]);
  if (two.kind === "not-implemented") return { name, status: "note", said: "not implemented yet" };
  if (two.kind !== "answered") return failed(name, two.fault);
  const wrong = two.answers.map((answer) => whyWrong(operation, answer)).find((one) => one !== undefined);
  if (wrong !== undefined) return failed(name, wrong);
  const refused = two.answers.some((answer) => readError(readJson(answer)) !== undefined);
  return ok(
    name,
    refused ? "answers [] and two records (a made-up record is an $error)" : "answers [] and two records",
  );
}

/** A record that fails with `$error` is an answer too: the example is made up. */
function whyWrong({ name, output }: Operation, answer: string): Problem | undefined {
  const value = readJson(answer, { numbers: numberMode(output) });
  if (readError(value)) return undefined;
  const [mismatch] = conforms(output, value);
  if (mismatch === undefined) return undefined;
  const why = mismatch.hint === undefined ? mismatch.kind : `${mismatch.kind}: ${mismatch.hint}`;
  return problem("answer-type", { operation: name, path: mismatch.path, why });
}

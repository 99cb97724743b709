import type { Contract, Fields } from "../contract/contract.ts";
import { inputFields } from "../contract/example-record.ts";
import { typeText } from "../contract/type-grammar.ts";
import type { Description } from "../endpoint/endpoint.ts";
import { maxFrameRecords } from "./frame-gatherer.ts";

/** An operation in the answer to `GET /`. */
export interface ServedOperation {
  readonly input?: Readonly<Record<string, string>>;
  readonly output?: Readonly<Record<string, string>>;
  readonly after?: string;
  readonly doc?: string;
}

/** The answer to `GET /` (protocol/wire.md). */
export interface ServedDescription {
  readonly tally: 1;
  readonly name?: string;
  readonly version?: string;
  readonly runtime?: string;
  readonly max_batch: number;
  readonly formats: readonly ["json"];
  readonly operations: Readonly<Record<string, ServedOperation>>;
}

/** What a server says of itself: the contract's words first, then the endpoint's. */
export function describeServer(contract: Contract | undefined, said: Description | undefined): ServedDescription {
  const name = contract?.model.name ?? said?.name;
  const version = contract?.model.version ?? said?.version;
  const names = new Set([...Object.keys(contract?.operations ?? {}), ...(said?.operations ?? [])]);
  return {
    tally: 1,
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(said?.runtime !== undefined && { runtime: said.runtime }),
    max_batch: said?.maxBatch ?? maxFrameRecords,
    formats: ["json"],
    operations: Object.fromEntries([...names].map((each) => [each, describeOperation(contract, said, each)])),
  };
}

function describeOperation(
  contract: Contract | undefined,
  said: Description | undefined,
  name: string,
): ServedOperation {
  const operations = contract?.operations;
  const operation = operations && Object.hasOwn(operations, name) ? operations[name] : undefined;
  const after = operation?.after ?? (said?.after && Object.hasOwn(said.after, name) ? said.after[name] : undefined);
  return {
    ...(contract && operation && { input: types(inputFields(contract, operation)), output: types(operation.output) }),
    ...(after !== undefined && { after }),
    ...(operation?.doc !== undefined && { doc: operation.doc }),
  };
}

function types(fields: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, typeText(type)]));
}

/**
 * Exchanges as they come → the distinct ones, up to a limit for each operation. The same record asked again must be answered alike, within
 * the contract's tolerances: a record that is not cannot be a case.
 */
import { compareRecord } from "../../compare/compare-record.ts";
import type { Contract } from "../../contract/contract.ts";
import type { Json } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import { canonicalJson } from "../../kernel/write-json.ts";
import { isJsonObject } from "../../record/json-kind.ts";
import { withoutSensitive } from "../../suite/redact/sensitive-record.ts";
import type { Captured } from "./captured-case.ts";
import type { ExchangeListener } from "./recording-endpoint.ts";

interface Entry {
  readonly captured: Captured;
  /** Where two answers to it differed. */
  differs?: string;
}

export class ExchangeBook implements ExchangeListener {
  readonly #contract: Contract;
  readonly #limit: number;
  readonly #only: string | undefined;
  readonly #entries = new Map<string, Map<string, Entry>>();
  /** Exchanges that said what was known already, records beyond the limit, calls without an answer. */
  repeated = 0;
  beyond = 0;
  faults = 0;
  /** Why the first of those calls was not answered. */
  firstFault = "";

  constructor(contract: Contract, { limit, only }: { readonly limit: number; readonly only?: string | undefined }) {
    this.#contract = contract;
    this.#limit = limit;
    this.#only = only;
  }

  answered(operation: string, input: string, answer: string): void {
    if (this.#only !== undefined && operation !== this.#only) return;
    const entries = this.#entries.get(operation) ?? new Map<string, Entry>();
    this.#entries.set(operation, entries);
    const key = canonicalJson(readJson(input, { numbers: "text" }));
    const known = entries.get(key);
    if (known === undefined) {
      if (entries.size < this.#limit)
        entries.set(key, { captured: { operation, input: own(input), answer: own(answer) } });
      else this.beyond += 1;
      return;
    }
    const apart = this.#apart(known.captured, answer);
    if (apart === undefined) this.repeated += 1;
    else known.differs ??= apart;
  }

  unanswered(operation: string, why: string): void {
    if (this.#only !== undefined && operation !== this.#only) return;
    if (this.faults === 0) this.firstFault = why;
    this.faults += 1;
  }

  /** The distinct exchanges that were answered alike every time, in the order in which they first came. */
  get steady(): readonly Captured[] {
    return this.#all().flatMap(({ captured, differs }) => (differs === undefined ? [captured] : []));
  }

  /** Those that were not, and where. */
  get unsteady(): readonly { readonly captured: Captured; readonly differs: string }[] {
    return this.#all().flatMap(({ captured, differs }) => (differs === undefined ? [] : [{ captured, differs }]));
  }

  #all(): Entry[] {
    return [...this.#entries.values()].flatMap((entries) => [...entries.values()]);
  }

  #apart({ answer, operation }: Captured, again: string): string | undefined {
    return answer === again ? undefined : answersApart(this.#contract, operation, answer, again);
  }
}

/** A text of its own: a slice would keep the whole body that it came in. */
function own(text: string): string {
  return Buffer.from(text).toString();
}

/** Where two answers of an operation differ by more than the contract allows; values of sensitive fields are not said. */
export function answersApart(
  contract: Contract,
  operation: string,
  one: string,
  other: string,
  options: { readonly partial?: boolean } = {},
): string | undefined {
  const fields = contract.operations?.[operation]?.output;
  const open = (text: string): Json => withoutMessage(readJson(withoutSensitive(fields, text), { numbers: "text" }));
  const [first] = compareRecord(fields, open(one), open(other), { context: "reference", ...options }).mismatches;
  if (first === undefined) return undefined;
  const path = first.path === "" ? operation : first.path;
  return `${path} ${first.reference ?? "nothing"}, then ${first.candidate ?? "nothing"}`;
}

/** What an error says likes to quote the record; its type is what is compared. */
function withoutMessage(answer: Json): Json {
  const error = isJsonObject(answer) ? answer["$error"] : undefined;
  return isJsonObject(error) ? { $error: { type: error["type"] ?? null } } : answer;
}

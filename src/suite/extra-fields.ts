/** Fields that an endpoint answers and the contract does not declare: a warning each, where the contract does not forbid them. */
import type { Operation } from "../contract/contract.ts";
import { nearest } from "../kernel/nearest.ts";
import { sliceObject } from "../kernel/slice-json.ts";
import type { Warning } from "../verdict/run-event.ts";

/** Answers an operation gives in the same shape again and again are not looked at for ever. */
const looksPerOperation = 1_000;
/** So many fields are named; of the others it is said how many there are. */
const shownPerOperation = 20;
/** And so many are told apart. */
const countedPerOperation = 10_000;

export class ExtraFields {
  readonly #operations: Readonly<Record<string, Operation>> | undefined;
  readonly #looks = new Map<string, number>();
  /** How often each field of an operation was seen. */
  readonly #found = new Map<string, Map<string, number>>();

  constructor(operations: Readonly<Record<string, Operation>> | undefined) {
    this.#operations = operations;
  }

  add(operation: string, answer: string): void {
    const declared = this.#operations?.[operation];
    const looks = this.#looks.get(operation) ?? 0;
    if (declared === undefined || declared.extra === "error" || looks >= looksPerOperation) return;
    this.#looks.set(operation, looks + 1);
    const found = this.#found.get(operation) ?? new Map<string, number>();
    this.#found.set(operation, found);
    for (const field of sliceObject(answer).keys()) {
      if (field === "$error" || Object.hasOwn(declared.output, field)) continue;
      const count = found.get(field);
      if (count !== undefined || found.size < countedPerOperation) found.set(field, (count ?? 0) + 1);
    }
  }

  warnings(): Warning[] {
    return [...this.#found].flatMap(([operation, found]) => {
      const shown = [...found].slice(0, shownPerOperation).map(([field, count]) => this.#one(operation, field, count));
      const rest = found.size - shown.length;
      if (rest === 0) return shown;
      const more = found.size >= countedPerOperation ? `at least ${rest}` : String(rest);
      const message = `${operation} answers ${more} more fields that the contract does not declare`;
      return [...shown, { type: "warning", code: "extra-field", message, count: rest }];
    });
  }

  #one(operation: string, field: string, count: number): Warning {
    const meant = nearest(field, Object.keys(this.#operations?.[operation]?.output ?? {}));
    const hint =
      meant === undefined
        ? 'Declare it in tally.toml, or refuse it there with extra = "error".'
        : `Did you mean ${meant}?`;
    const message = `${operation} answers ${field}, which the contract does not declare`;
    return { type: "warning", code: "extra-field", message, hint, count };
  }
}

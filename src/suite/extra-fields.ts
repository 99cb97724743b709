/** Fields that an endpoint answers and the contract does not declare: a warning each, where the contract does not forbid them. */
import type { Operation } from "../contract/contract.ts";
import { nearest } from "../kernel/nearest.ts";
import { sliceObject } from "../kernel/slice-json.ts";
import type { Warning } from "../verdict/run-event.ts";

/** Answers an operation gives in the same shape again and again are not looked at for ever. */
const looksPerOperation = 1_000;

export class ExtraFields {
  readonly #operations: Readonly<Record<string, Operation>> | undefined;
  readonly #looks = new Map<string, number>();
  readonly #found = new Map<string, { operation: string; field: string; count: number }>();

  constructor(operations: Readonly<Record<string, Operation>> | undefined) {
    this.#operations = operations;
  }

  add(operation: string, answer: string): void {
    const declared = this.#operations?.[operation];
    const looks = this.#looks.get(operation) ?? 0;
    if (declared === undefined || declared.extra === "error" || looks >= looksPerOperation) return;
    this.#looks.set(operation, looks + 1);
    for (const field of sliceObject(answer).keys()) {
      if (field === "$error" || Object.hasOwn(declared.output, field)) continue;
      const found = this.#found.get(`${operation}.${field}`) ?? { operation, field, count: 0 };
      found.count += 1;
      this.#found.set(`${operation}.${field}`, found);
    }
  }

  warnings(): Warning[] {
    return [...this.#found.values()].map(({ count, field, operation }) => {
      const meant = nearest(field, Object.keys(this.#operations?.[operation]?.output ?? {}));
      const hint =
        meant === undefined
          ? 'Declare it in tally.toml, or refuse it there with extra = "error".'
          : `Did you mean ${meant}?`;
      return {
        type: "warning",
        code: "extra-field",
        message: `${operation} answers ${field}, which the contract does not declare`,
        hint,
        count,
      };
    });
  }
}

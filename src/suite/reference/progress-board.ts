/** How much of the contract agrees, field by field, over all inputs of the suite: what a port looks at while it grows. */
import { compareRecord } from "../../compare/compare-record.ts";
import type { Operation } from "../../contract/contract.ts";
import { readJson } from "../../kernel/read-json.ts";
import type { BoardField } from "../../verdict/run-event.ts";
import type { ReferenceAnswers } from "./reference-answers.ts";
import { openFields, withoutSensitive } from "../redact/sensitive-record.ts";

export class ProgressBoard {
  readonly #operations: Readonly<Record<string, Operation>>;
  readonly #references: ReferenceAnswers;
  readonly #seen = new Set<string>();
  readonly #tally = new Map<string, { compared: number; disagree: Map<string, number> }>();
  readonly #missing = new Set<string>();

  constructor(operations: Readonly<Record<string, Operation>>, references: ReferenceAnswers) {
    this.#operations = operations;
    this.#references = references;
  }

  /** Compares an answer of the candidate with the reference's, once for every input. */
  add(operation: string, input: string, answer: string): void {
    const key = `${operation}\n${input}`;
    if (this.#seen.has(key)) return;
    const reference = this.#references.get(operation, input);
    if (reference === undefined) return;
    this.#seen.add(key);
    const entry = this.#tally.get(operation) ?? { compared: 0, disagree: new Map<string, number>() };
    this.#tally.set(operation, entry);
    entry.compared += 1;
    const fields = this.#operations[operation]?.output;
    const open = readJson(withoutSensitive(fields, answer));
    const { mismatches } = compareRecord(openFields(fields), readJson(reference), open, { context: "reference" });
    const off = new Set(mismatches.map((mismatch) => topField(mismatch.path)));
    for (const field of off.has("") ? Object.keys(openFields(fields) ?? {}) : off)
      entry.disagree.set(field, (entry.disagree.get(field) ?? 0) + 1);
  }

  addMissing(operation: string): void {
    this.#missing.add(operation);
  }

  /** One row a declared output field that is not sensitive; operations that were neither asked nor recorded are left out. */
  fields(): BoardField[] {
    return Object.values(this.#operations).flatMap((operation) => {
      const entry = this.#tally.get(operation.name);
      const implemented = !this.#missing.has(operation.name);
      const compared = entry?.compared ?? (implemented ? 0 : this.#references.count(operation.name));
      if (compared === 0 && implemented) return [];
      return Object.keys(openFields(operation.output)).map((field): BoardField => {
        const agree = implemented ? compared - (entry?.disagree.get(field) ?? 0) : 0;
        return { operation: operation.name, field, agree, compared, implemented };
      });
    });
  }
}

function topField(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

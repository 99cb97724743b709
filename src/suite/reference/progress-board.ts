/** How much of the contract agrees, field by field, over all inputs of the suite: what a port looks at while it grows. */
import { compareRecord } from "../../compare/compare-record.ts";
import type { Operation } from "../../contract/contract.ts";
import { receivedFields } from "../../contract/sensitive-fields.ts";
import { readJson } from "../../kernel/read-json.ts";
import type { BoardField, RunEnded } from "../../verdict/run-event.ts";
import { Clues } from "./clues.ts";
import { DeltaBoard } from "./delta-board.ts";
import type { ReferenceAnswers } from "./reference-answers.ts";
import { topField } from "./top-field.ts";
import { openFields, withoutSensitive } from "../redact/sensitive-record.ts";

export class ProgressBoard {
  readonly #operations: Readonly<Record<string, Operation>>;
  readonly #references: ReferenceAnswers;
  readonly #seen = new Set<string>();
  readonly #tally = new Map<string, { compared: number; disagree: Map<string, number> }>();
  readonly #missing = new Set<string>();
  readonly #deltas = new DeltaBoard();
  readonly #clues = new Clues();

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
    const { distances, mismatches } = compareRecord(openFields(fields), readJson(reference), open, {
      context: "reference",
      distances: true,
    });
    const paths = new Set(mismatches.map(({ path }) => path));
    const tops = new Set([...paths].map(topField));
    const off = tops.has("") ? new Set(Object.keys(openFields(fields) ?? {})) : tops;
    for (const field of off) entry.disagree.set(field, (entry.disagree.get(field) ?? 0) + 1);
    this.#deltas.add(operation, distances, paths);
    this.#clues.add(operation, this.#openInput(operation, input), off);
  }

  /** Deltas and clues, as far as there are any. */
  measures(): Pick<RunEnded, "deltas" | "clues"> {
    const [deltas, clues] = [this.#deltas.list(), this.#clues.list()];
    return { ...(deltas.length > 0 ? { deltas } : {}), ...(clues.length > 0 ? { clues } : {}) };
  }

  /** An input as words may quote it. */
  #openInput(name: string, input: string): string {
    const operation = this.#operations[name];
    return withoutSensitive(operation && receivedFields(operation, this.#operations), input);
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

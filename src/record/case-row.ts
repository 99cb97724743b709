/** What a case table consists of: one row is one test, told as data. */
import type { Tolerance } from "../contract/contract.ts";
import { type ErrorArgs, type ErrorCode, type Problem, problem } from "../kernel/errors.ts";
import type { Json } from "../kernel/json-value.ts";

/** One case, checked against the contract. */
export interface CaseRow {
  /** `cases/smoke.jsonl > name`, the same on every machine. */
  readonly id: string;
  /** As the author says it, or `smoke.jsonl:3`. */
  readonly name: string;
  /** From 1; of a CSV record that spans lines, the first. */
  readonly line: number;
  readonly operation: string;
  /** JSON text of the record, numbers as they are written in the table. */
  readonly input: string;
  /**
   * The fields that are expected, numbers as written (`JsonNumber`); or `$error`: true or the type of the error. Undefined:
   * it must answer within the contract's types.
   */
  readonly expect?: Readonly<Record<string, Json>>;
  /** By path of a field: it takes the place of the contract's tolerance of that field. */
  readonly tolerance: Readonly<Record<string, Tolerance>>;
  readonly tags: readonly string[];
  readonly level: "required" | "recommended";
  /** Why it is not run. */
  readonly skip?: string;
  readonly bug?: string;
  /** Where it comes from, if it was found rather than thought of. */
  readonly found?: Found;
}

/** Who found a case, when and where: provenance, compared with nothing. */
export type Found = Readonly<Partial<Record<(typeof foundKeys)[number], string>>>;

/** By whom, when (a timestamp), on which side and endpoint, in which run, of which failure, test and suite; and a link. */
export const foundKeys = ["by", "at", "on", "endpoint", "run", "failure", "test", "suite", "link"] as const;

/** One file. Rows with a problem are not among the rows. */
export interface CaseTable {
  readonly rows: readonly CaseRow[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Every key of a case. */
export const caseKeys: readonly string[] = "name operation input expect tolerance tags level skip bug found".split(" ");

/** A case as its reader found it, before it is checked. */
export interface RawCase {
  readonly line: number;
  readonly value: Readonly<Record<string, Json>>;
}

const most = 100;

type CaseCode = Extract<ErrorCode, `case-${string}`>;

/** What is wrong with one file, up to a hundred problems; the others are counted. */
export class CaseProblems {
  readonly #file: string;
  readonly #found: Problem[] = [];
  #count = 0;

  /** `file` as messages show it. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Notes a problem of the whole file. */
  add<Code extends CaseCode>(code: Code, args: ErrorArgs<Code>): void {
    this.#count++;
    if (this.#count <= most) this.#found.push(problem(code, args));
  }

  /** The place that messages begin with. */
  at(line: number): string {
    return `${this.#file}:${line}`;
  }

  get count(): number {
    return this.#count;
  }

  /** All of them, with one more that counts those beyond the hundredth. */
  list(): readonly Problem[] {
    const more = this.#count - this.#found.length;
    return more > 0 ? [...this.#found, problem("case-more", { file: this.#file, count: more })] : this.#found;
  }
}

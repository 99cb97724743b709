/**
 * The books of a run: every planned test is judged exactly once, and what is counted at the end is what was written
 * down. It turns outcomes into events; nothing else emits a verdict.
 */
import { type ExitCode, invariant, type Problem } from "../kernel/errors.ts";
import type { BaselineBook, Decision } from "../verdict/baseline-book.ts";
import { isGatherCheck } from "../verdict/gather-check-id.ts";
import type { RunEvent, TestJudged, TestPlanned } from "../verdict/run-event.ts";
import { type Explained, failureId } from "./explain-failures.ts";
import type { TestOutcome } from "./messages.ts";

export interface LedgerCounts {
  readonly planned: number;
  readonly pass: number;
  readonly fail: number;
  readonly error: number;
  readonly skip: number;
  readonly known: number;
  readonly recommended: number;
  readonly nearTies: number;
  readonly notRun: number;
}

/** Failures that are accepted, and whether recommended ones count like all others. */
export interface Accepted {
  readonly book: BaselineBook;
  readonly strict: boolean;
}

const notListed: Decision = { known: false };

export class Ledger {
  readonly #emit: (event: RunEvent) => void;
  readonly #logAll: boolean;
  readonly #accepted: Accepted | undefined;
  readonly #open = new Map<string, TestPlanned>();
  readonly #counts = {
    planned: 0,
    pass: 0,
    fail: 0,
    error: 0,
    skip: 0,
    known: 0,
    recommended: 0,
    nearTies: 0,
    notRun: 0,
  };
  readonly #planned = new Set<string>();
  #lastProgress = 0;
  readonly #normalized = new Map<string, number>();
  /** Exit codes of the faults behind verdicts `error`. */
  readonly faults: ExitCode[] = [];

  constructor(emit: (event: RunEvent) => void, logAll: boolean, accepted?: Accepted) {
    this.#emit = emit;
    this.#logAll = logAll;
    this.#accepted = accepted;
  }

  get counts(): LedgerCounts {
    return this.#counts;
  }

  /** The id itself, or the first of `#2`, `#3` … that no test of this run has. */
  freeId(id: string): string {
    for (let n = 1; ; n += 1) {
      const free = n === 1 ? id : `${id} #${n}`;
      if (!this.#planned.has(free)) return free;
    }
  }

  plan(test: TestPlanned): void {
    this.#planned.add(test.id);
    invariant(!this.#open.has(test.id), `test planned twice: ${test.id}`);
    this.#open.set(test.id, test);
    this.#counts.planned += 1;
    this.#emit(test);
  }

  /** Whether the baseline will accept a failure: such a one stops no run. */
  isKnown(id: string, outcome: TestOutcome): boolean {
    const plan = this.#open.get(id);
    return plan !== undefined && this.#accepted?.book.accepts(id, outcome, this.#isRequired(plan)) === true;
  }

  /** Writes down what became of a planned test. */
  judge(id: string, { outcome, divergence, baseline }: Explained): void {
    const plan = this.#open.get(id);
    invariant(plan, `test judged that is not open: ${id}`);
    this.#open.delete(id);
    const decision: Decision = baseline ? { known: false, mark: baseline } : this.#decide(plan, outcome);
    const verdict = decision.known ? "known" : outcome.verdict;
    this.#count(plan, verdict, outcome.fault);
    this.#counts.nearTies += outcome.nearTies;
    if (outcome.reason === "not-run") this.#counts.notRun += 1;
    for (const field of outcome.normalized ?? []) this.#normalized.set(field, (this.#normalized.get(field) ?? 0) + 1);
    if (outcome.verdict !== "pass" || this.#logAll) {
      for (const exchange of outcome.exchanges) this.#emit({ type: "exchange", id, ...exchange });
    }
    const failed = outcome.verdict === "fail" || outcome.verdict === "error";
    const { exchanges: _, nearTies, normalized: __, ...told } = outcome;
    const notes = [decision.note, told.note].filter((one) => one !== undefined);
    const event: TestJudged = {
      type: "test-judged",
      id,
      level: plan.level,
      ...told,
      verdict,
      ...(notes.length > 0 ? { note: notes.join("; ") } : {}),
      ...(decision.mark ? { baseline: decision.mark } : {}),
      ...(failed && !baseline ? { failure: failureId(id, outcome) } : {}),
      ...(failed && divergence ? { divergence } : {}),
      ...(nearTies > 0 ? { nearTies } : {}),
    };
    this.#emit(event);
    this.#tellProgress();
  }

  /** Tests that are planned and not judged yet. */
  open(): TestPlanned[] {
    return [...this.#open.values()];
  }

  /** Normalising is the contract's wish, and always said. */
  tellNormalized(): void {
    for (const [field, count] of this.#normalized) {
      this.#emit({ type: "warning", code: "normalized", message: `${field} agreed only after normalising`, count });
    }
  }

  #decide(plan: TestPlanned, outcome: TestOutcome): Decision {
    // Which records are asked depends on the seed: what is accepted in one run would be stale in the next.
    if (isGatherCheck(plan.id)) return notListed;
    return this.#accepted?.book.judge(plan.id, outcome, this.#isRequired(plan)) ?? notListed;
  }

  #isRequired({ level }: TestPlanned): boolean {
    return level === "required" || this.#accepted?.strict === true;
  }

  #count(plan: TestPlanned, verdict: TestJudged["verdict"], fault: Problem | undefined): void {
    this.#counts[verdict] += 1;
    if (verdict === "fail" && plan.level === "recommended") this.#counts.recommended += 1;
    if (verdict === "error" && fault) this.faults.push(fault.exit);
  }

  /** Ten times a second at most: the stream is not for counting. */
  #tellProgress(): void {
    const now = performance.now();
    if (now - this.#lastProgress < 100) return;
    this.#lastProgress = now;
    const { planned } = this.#counts;
    this.#emit({ type: "progress", planned, judged: planned - this.#open.size });
  }
}

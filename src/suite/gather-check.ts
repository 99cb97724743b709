/**
 * Whether gathering hid something: at the end some records an operation that were answered in a batch are asked alone.
 * Which ones is decided by a hash of seed and record, so neither timing nor the order of files has a say.
 */
import { compareRecord } from "../compare/compare-record.ts";
import type { Operation } from "../contract/contract.ts";
import type { Problem } from "../kernel/errors.ts";
import { readJson } from "../kernel/read-json.ts";
import type { Asker } from "./asker.ts";
import type { TestOutcome } from "./messages.ts";
import { notRun } from "./child/run-tree.ts";

interface Sampled {
  readonly rank: number;
  readonly input: string;
  readonly answer: string;
  readonly batch: number;
}

export class GatherCheck {
  readonly #size: number;
  readonly #seed: number;
  readonly #samples = new Map<string, Map<string, Sampled>>();
  /** The highest rank that was kept when the samples of an operation were last thinned out: nothing above it is wanted. */
  readonly #limits = new Map<string, number>();
  #sampling = true;

  /** `size` records an operation; 0 turns the check off. */
  constructor(size: number, seed: number) {
    this.#size = size;
    this.#seed = seed;
  }

  /** Notes an answer given in a batch. */
  add(operation: string, input: string, answer: string, batch: number): void {
    if (this.#size === 0 || !this.#sampling) return;
    // Asked alone already: if that made a difference, the test's own verdict says so.
    if (batch < 2) return void this.#samples.get(operation)?.delete(input);
    const kept = this.#samples.get(operation) ?? new Map<string, Sampled>();
    this.#samples.set(operation, kept);
    if (kept.has(input)) return;
    const rank = rankOf(this.#seed, input);
    if (rank > (this.#limits.get(operation) ?? Number.POSITIVE_INFINITY)) return;
    kept.set(input, { rank, input: ownText(input), answer: ownText(answer), batch });
    if (kept.size < this.#size * 4) return;
    const lowest = this.#lowest(kept);
    this.#samples.set(operation, lowest);
    this.#limits.set(operation, Math.max(...[...lowest.values()].map((sample) => sample.rank)));
  }

  /** Asks the sampled records alone; an outcome for every operation whose answers depend on the batch. */
  async run(
    asker: Asker,
    operations: Readonly<Record<string, Operation>> | undefined,
  ): Promise<Map<string, TestOutcome>> {
    this.#sampling = false;
    const failed = new Map<string, TestOutcome>();
    for (const [operation, kept] of this.#samples) {
      if (asker.gaveUp) break;
      const samples = [...this.#lowest(kept).values()];
      const answers = await asker.ask(
        operation,
        samples.map((sample) => sample.input),
        true,
      );
      const fields = operations?.[operation]?.output;
      const exchanges: TestOutcome["exchanges"][number][] = [];
      const mismatches: TestOutcome["mismatches"][number][] = [];
      let fault: Problem | undefined;
      for (const [i, { input, answer, batch }] of samples.entries()) {
        const alone = answers[i];
        if (alone?.kind === "fault" && alone.fault.code !== "endpoint-cancelled") fault ??= alone.fault;
        if (alone?.kind !== "answered") continue;
        const found = compareRecord(fields, readJson(alone.text), readJson(answer), {
          context: "reference",
        }).mismatches.filter((mismatch) => mismatch.reference !== mismatch.candidate);
        if (found.length === 0) continue;
        const n = exchanges.length + 1;
        exchanges.push({ n, operation, input, answer, alone: alone.text, batch, asked: "test", ms: alone.ms });
        mismatches.push(...found.map((mismatch) => ({ ...mismatch, operation, exchange: n })));
      }
      if (mismatches.length === 0 && fault) {
        const note = "records that were answered in a batch are not answered alone";
        failed.set(operation, { ...notRun(), verdict: "error", reason: "fault", fault, note });
      }
      if (mismatches.length === 0) continue;
      const note = `${exchanges.length} of ${samples.length} records get another answer alone than in a batch`;
      failed.set(operation, { ...notRun(), verdict: "fail", reason: "batch-dependent", note, exchanges, mismatches });
    }
    return failed;
  }

  #lowest(kept: Map<string, Sampled>): Map<string, Sampled> {
    const lowest = [...kept.entries()]
      .toSorted(([, a], [, b]) => a.rank - b.rank || (a.input < b.input ? -1 : 1))
      .slice(0, this.#size);
    return new Map(lowest);
  }
}

/** The same text on its own: a piece of a batch keeps the whole batch in memory. */
function ownText(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** FNV-1a over the seed and the text, 32 bits: spreads records evenly and costs nothing beside the call. */
function rankOf(seed: number, text: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

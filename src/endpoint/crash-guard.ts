/** How often a program may end without having answered anything before it is not started again. */
const maxRestarts = 3;
const withinMs = 60_000;

/**
 * Decides whether a program that ended is worth another start. Answers are progress, and so is ending on fewer records
 * than the last time: that is how a record that kills its reader is found.
 */
export class CrashGuard {
  #lastSize = Number.POSITIVE_INFINITY;
  #crashes: number[] = [];

  /** It ended while it owed answers to so many records. */
  crashed(records: number): void {
    const isNarrower = records < this.#lastSize;
    this.#lastSize = records;
    if (isNarrower) return;
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < withinMs), now];
  }

  answered(): void {
    this.#lastSize = Number.POSITIVE_INFINITY;
    if (this.#crashes.length > 0) this.#crashes = [];
  }

  /** How often it ended in vain, if that was once too often. */
  get exhausted(): number | undefined {
    return this.#crashes.length >= maxRestarts ? this.#crashes.length + 1 : undefined;
  }
}

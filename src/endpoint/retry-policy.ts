/** When and how soon a call is sent again: only where nothing was answered, and never so often that it becomes load. */

/** Attempts at one call, the first included. */
export const maxAttempts = 3;

const shortestMs = 100;
const longestMs = 5_000;

/** Full jitter: anything between nothing and 100 ms, 200 ms, 400 ms … 5 s, so that callers do not come back together. */
export function retryDelayMs(attempt: number, random: () => number): number {
  return random() * Math.min(longestMs, shortestMs * 2 ** (attempt - 1));
}

/** Counts calls and retries; allows one retry in ten calls, besides the first ten. */
export class RetryBudget {
  #calls = 0;
  #retries = 0;

  get retries(): number {
    return this.#retries;
  }

  countCall(): void {
    this.#calls += 1;
  }

  /** True when a retry may be made; it is then counted. */
  take(): boolean {
    if (this.#retries >= 10 + this.#calls / 10) return false;
    this.#retries += 1;
    return true;
  }
}

/**
 * How many calls are under way: as many as allowed until the endpoint asks for fewer (429, 503 with Retry-After), then
 * half as many, and slowly more again (additive increase, multiplicative decrease).
 */
export class Throttle {
  readonly #most: number;
  #allowed: number;
  #underWay = 0;
  #openAt = 0;
  readonly #waiting: (() => void)[] = [];
  #isWaiting = false;

  constructor(most: number) {
    this.#most = most;
    this.#allowed = most;
  }

  /** Resolves when the call may go; false when it was cancelled before. */
  async enter(signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted === true) return false;
    if (this.#underWay < Math.floor(this.#allowed) && this.#waiting.length === 0 && Date.now() >= this.#openAt) {
      this.#underWay += 1;
      return true;
    }
    return this.#queue(signal);
  }

  /** Gives the place back. `served`: the endpoint answered, so a little more may be asked. */
  leave(served: boolean): void {
    this.#underWay -= 1;
    if (served) this.#allowed = Math.min(this.#most, this.#allowed + 1 / this.#allowed);
    this.#admit();
  }

  /** The endpoint asked for fewer calls, and for none during the pause. */
  slowDown(pauseMs: number): void {
    const now = Date.now();
    // The calls that were under way together are refused together: that is one event, not many.
    if (now >= this.#openAt) this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
    this.#openAt = Math.max(this.#openAt, now + pauseMs);
  }

  #queue(signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (): void => {
        signal?.removeEventListener("abort", cancel);
        this.#underWay += 1;
        resolve(true);
      };
      const cancel = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        resolve(false);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      this.#waiting.push(go);
      this.#admit();
    });
  }

  #admit(): void {
    if (this.#waiting.length === 0) return;
    const pauseMs = this.#openAt - Date.now();
    if (pauseMs > 0) {
      this.#admitLater(pauseMs);
      return;
    }
    while (this.#waiting.length > 0 && this.#underWay < Math.floor(this.#allowed)) {
      this.#waiting.shift()?.();
    }
  }

  #admitLater(pauseMs: number): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      this.#admit();
    }, pauseMs);
  }
}

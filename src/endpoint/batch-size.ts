/** How many records are asked at a time: shared by all callers of an endpoint, and only ever lowered during a run. */
export class BatchSize {
  #current: number;

  constructor(size: number) {
    this.#current = Math.max(1, Math.trunc(size));
  }

  get current(): number {
    return this.#current;
  }

  /** Remembers that this many is what the endpoint takes. */
  lowerTo(size: number): void {
    this.#current = Math.max(1, Math.min(this.#current, Math.trunc(size)));
  }
}

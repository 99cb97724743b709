/** What was odd about an endpoint's answers without spoiling them: every kind once, with how often. */
import type { CallNote } from "./endpoint.ts";

export interface EndpointNote {
  readonly code: string;
  /** Of the first time. */
  readonly message: string;
  readonly count: number;
}

export class EndpointNotes {
  readonly #byCode = new Map<string, { readonly message: string; count: number }>();

  add(notes: readonly CallNote[]): void {
    for (const { code, message, count = 1 } of notes) {
      const known = this.#byCode.get(code);
      if (known === undefined) this.#byCode.set(code, { message, count });
      else known.count += count;
    }
  }

  /** In the order in which they first appeared. */
  list(): EndpointNote[] {
    return [...this.#byCode].map(([code, { message, count }]) => ({ code, message, count }));
  }
}

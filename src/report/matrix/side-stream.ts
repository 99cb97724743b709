/**
 * What one side was asked, answered and printed, to be read once more when all sides have run: from the file of its run, or from
 * memory where no file can be written.
 */
import type { RunEvent } from "../../verdict/run-event.ts";
import { readRun } from "../read-run.ts";

/** Path of an events file, or what is held. */
export type SideStream = string | HeldEvents;

/** Characters of records, answers and lines that are held of one side, and looked at of all together. */
export const maxText = 64 * 1024 * 1024;

/** Exchanges and logs of a run, up to a limit: what comes later is not known. */
export class HeldEvents {
  readonly #held: RunEvent[] = [];
  #left = maxText;

  add(event: RunEvent): void {
    if ((event.type !== "exchange" && event.type !== "log") || this.#left < 0) return;
    this.#left -= event.type === "log" ? event.text.length : event.input.length + (event.answer?.length ?? 0);
    this.#held.push(event);
  }

  [Symbol.iterator](): Iterator<RunEvent> {
    return this.#held.values();
  }
}

/** The events of a side, or as much of them as there is. */
export function readSide(stream: SideStream): AsyncIterable<RunEvent> | Iterable<RunEvent> {
  return typeof stream === "string" ? readRun(stream) : stream;
}

/**
 * The events of a run that was written down. Comes in: a run's folder, its events file, or `-` for standard input.
 * Goes out: its events, one by one. A last line that was torn by a kill is left out: the run is then incomplete.
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { JsonFault } from "../kernel/json-fault.ts";
import { tallyError } from "../kernel/errors.ts";
import { EventFault } from "../verdict/check-event.ts";
import { readEventLine } from "../verdict/event-line.ts";
import type { RunEvent } from "../verdict/run-event.ts";

/** Name of the stream inside a run's folder. */
export const eventsFile = "events.ndjson";

/** Reads a run. Throws `run-unknown` and `events-malformed`. */
export async function* readRun(path: string): AsyncIterable<RunEvent> {
  let number = 0;
  for await (const line of linesOf(openRun(path))) {
    number += 1;
    const event = readLine(line, path, number);
    if (event !== undefined) yield event;
  }
}

function openRun(path: string): AsyncIterable<Buffer> {
  if (path === "-") return createReadStream("", { fd: 0 });
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, eventsFile) : path;
  if (!existsSync(file)) throw tallyError("run-unknown", { path });
  return createReadStream(file);
}

interface Line {
  readonly text: string;
  /** Ended by a line break: nothing of it is missing. */
  readonly whole: boolean;
}

/** Lines end at line feeds only; other line breaks may stand inside of JSON strings. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncIterable<Line> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, at));
      yield { text: Buffer.concat(parts).toString("utf8"), whole: true };
      parts = [];
      from = at + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield { text: Buffer.concat(parts).toString("utf8"), whole: false };
}

function readLine({ text, whole }: Line, path: string, line: number): RunEvent | undefined {
  if (text.trim() === "") return undefined;
  try {
    return readEventLine(text);
  } catch (fault) {
    if (!(fault instanceof JsonFault) && !(fault instanceof EventFault)) throw fault;
    if (!whole && fault instanceof JsonFault) return undefined;
    throw tallyError("events-malformed", { path, line, reason: fault.message }, { cause: fault });
  }
}

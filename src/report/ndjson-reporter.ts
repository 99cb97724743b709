/** The event stream itself, line by line as it comes: the source of every other report. */
import { eventLine } from "../verdict/event-line.ts";
import { openStream } from "./output-file.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";

/** Characters held back at most. */
const maxHeld = 1024 * 1024;

export function ndjsonReporter(options: ReporterOptions): Reporter {
  const file = options.path === undefined ? undefined : openStream(options.path);
  const sink = file ?? options.out;
  let lines = "";
  const flush = (): void => {
    if (lines === "") return;
    const text = lines;
    lines = "";
    sink.write(text);
  };
  return {
    event: (event) => {
      // One write for all events of a turn: a thousand tests are judged in one, and each write is a system call.
      if (lines === "") setImmediate(flush);
      lines += `${eventLine(event)}\n`;
      if (lines.length > maxHeld) flush();
    },
    end: async () => {
      flush();
      file?.close();
    },
  };
}

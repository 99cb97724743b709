/** The event stream itself, line by line as it comes: the source of every other report. */
import { eventLine } from "../verdict/event-line.ts";
import { openStream } from "./output-file.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";

export function ndjsonReporter(options: ReporterOptions): Reporter {
  const file = options.path === undefined ? undefined : openStream(options.path);
  const sink = file ?? options.out;
  return {
    event: (event) => {
      sink.write(`${eventLine(event)}\n`);
    },
    end: async () => file?.close(),
  };
}

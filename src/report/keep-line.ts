/** The line that writes a failure down as a case, where it would be written without a further word. */
import type { Failure } from "./failure-groups.ts";
import { mismatchesOf } from "./field-rows.ts";
import { quoteShell } from "./shell-line.ts";

/** A field of its own exchange is off, what the reference answered is known, and nothing sensitive stands in the record. */
export function keepLine({ exchanges, judged }: Failure, compared: boolean): string | undefined {
  if (!compared || judged.failure === undefined || judged.reason === "batch-dependent") return undefined;
  const isKept = exchanges.some(
    (exchange) =>
      exchange.asked === "test" &&
      exchange.reference !== undefined &&
      !exchange.input.includes('"sensitive:') &&
      mismatchesOf(exchange, judged, exchanges).length > 0,
  );
  return isKept ? `tally keep ${quoteShell(judged.failure)}` : undefined;
}

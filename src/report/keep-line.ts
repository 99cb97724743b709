/** The line that writes a failure down as a case, where it would be written without a further word. */
import type { Exchange } from "../verdict/run-event.ts";
import type { Failure } from "./failure-groups.ts";
import { fieldRows, mismatchesOf } from "./field-rows.ts";
import { isNumberText } from "./number-text.ts";
import { quoteShell } from "../kernel/posix-words.ts";

/**
 * Fields of its own exchange are off, the reference is known to answer what the test expects of them, and nothing sensitive stands in
 * the record. Whatever else would have to be said is asked for by `tally keep` itself.
 */
export function keepLine(failure: Failure, compared: boolean): string | undefined {
  const { exchanges, judged } = failure;
  if (!compared || judged.failure === undefined || judged.reason === "batch-dependent") return undefined;
  const off = exchanges.filter((one) => one.asked === "test" && mismatchesOf(one, judged, exchanges).length > 0);
  const isKept = off.length > 0 && off.every((exchange) => isRightKnown(exchange, failure));
  return isKept ? `tally keep ${quoteShell(judged.failure)}` : undefined;
}

function isRightKnown(exchange: Exchange, { exchanges, judged }: Failure): boolean {
  if (exchange.reference === undefined || exchange.input.includes('"sensitive:')) return false;
  const rows = fieldRows(exchange, mismatchesOf(exchange, judged, exchanges));
  return rows.every(
    ({ expected, mismatch, reference }) =>
      mismatch === undefined || expected === undefined || isSame(expected, reference ?? ""),
  );
}

/** `2` is `2.0`. */
function isSame(one: string, other: string): boolean {
  return one === other || (isNumberText(one) && isNumberText(other) && Number(one) === Number(other));
}

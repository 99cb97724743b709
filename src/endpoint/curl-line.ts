/** A shell line that repeats a call. Values of headers never stand in it: reports may travel. */
import type { RecordText } from "./endpoint.ts";
import type { HttpAddress } from "./http-address.ts";

/** `curl -sS 'http://…/process' -H 'content-type: application/json' -d '[…]'`. */
export function curlLine(
  address: HttpAddress,
  operation: string,
  records: readonly RecordText[],
  hasCredentials: boolean,
): string {
  const base = address.socketPath === undefined ? address.origin : "http://localhost";
  return [
    "curl -sS",
    ...(address.socketPath === undefined ? [] : [`--unix-socket ${quoted(address.socketPath)}`]),
    quoted(`${base}${address.basePath}/${encodeURIComponent(operation)}`),
    "-H 'content-type: application/json'",
    ...(hasCredentials ? [`-H "authorization: Bearer $TALLY_TOKEN"`] : []),
    `--data-binary ${quoted(`[${records.join(",")}]`)}`,
  ].join(" ");
}

/** A word for a POSIX shell: nothing in it means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Shell lines that a person may paste to repeat what a report shows. */
import { quoteShell } from "../kernel/posix-words.ts";
import { visibleJson } from "./plain-text.ts";

/** The line that runs a failure again. */
export function replayLine(failure: string): string {
  return `tally replay ${quoteShell(failure)}`;
}

/** curl's address of an endpoint, or undefined where curl cannot ask it (stdio, connectors, adapters of other protocols). */
function curlAddress(url: string, operation: string): string[] | undefined {
  const step = encodeURIComponent(operation);
  if (/^https?:\/\//.test(url)) {
    const [path = "", query] = url.split("?");
    return [`${path.replace(/\/+$/, "")}/${step}${query === undefined ? "" : `?${query}`}`];
  }
  if (url.startsWith("unix:")) return ["--unix-socket", url.slice("unix:".length), `http://localhost/${step}`];
  return undefined;
}

/** Characters of a record that still make a line one can paste. */
const maxInput = 20_000;

/**
 * The `curl` line that sends one record to an operation; undefined where the endpoint is not HTTP, where the record is too
 * long for a line, and where the hash of a sensitive value stands in its place: that would ask something else. The body is the same
 * JSON as the record's, with unseen characters as `\u` escapes, so that the line is safe to show and to paste.
 */
export function curlLine(url: string, operation: string, input: string): string | undefined {
  const address = curlAddress(url, operation);
  if (address === undefined || input.length > maxInput || /"sensitive:[0-9a-f]+"/.test(input)) return undefined;
  const globs = /[[\]{}]/.test(address.join("")) ? ["-g"] : [];
  const words = ["-sS", ...globs, ...address, "-H", "content-type: application/json", "-d", `[${visibleJson(input)}]`];
  return `curl ${words.map(quoteShell).join(" ")}`;
}

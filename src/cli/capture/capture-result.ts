/** What `tally capture` says at its end: what was kept where, and everything that was not, with the reason. */
import { shownPath } from "../../kernel/shown-path.ts";
import { clip, plural, visible } from "../../report/plain-text.ts";
import { quoteShell } from "../../kernel/posix-words.ts";
import type { Written } from "./capture-table.ts";
import type { ExchangeBook } from "./exchange-book.ts";

export interface CaptureResult extends Written {
  readonly file: string;
  readonly inSuite: boolean;
  /** The program or the file that asked, and who answered. */
  readonly from: string;
  readonly url: string;
  readonly unused: readonly string[];
  readonly repeated: number;
  readonly beyond: number;
  /** Calls without an answer, and why the first of them has none. */
  readonly faults: number;
  readonly firstFault: string;
  /** Reasons, and how many exchanges each. */
  readonly refused: ReadonlyMap<string, number>;
  readonly unsteady: ExchangeBook["unsteady"];
}

const shownEach = 5;
const columns = 100;

/** As lines. */
export function capturedText(result: CaptureResult): string {
  const { added, beyond, faults, file, firstFault, inSuite, known, repeated, unused, url } = result;
  const shown = shownPath(file);
  const lines = [
    added.length === 0
      ? ` · nothing new  ${visible(shown)}  answers of ${visible(url)}`
      : ` ✓ captured  ${visible(shown)}  ${plural(added.length, "case")} (${perOperation(result)})  answers of ${visible(url)}`,
  ];
  if (known > 0) lines.push(`   ${plural(known, "record stands", "records stand")} there already, with these answers`);
  if (repeated > 0) lines.push(`   ${plural(repeated, "exchange")} said the same once more`);
  if (unused.length > 0) lines.push(`   not a field of these operations: ${visible(unused.join(", "))}`);
  if (beyond > 0) lines.push(`   ${plural(beyond, "record")} beyond --limit`);
  if (faults > 0) lines.push(` ! ${plural(faults, "call")} without an answer: ${visible(firstFault)}`);
  lines.push(...notKept(result));
  lines.push(
    inSuite
      ? `   run them   tally test ${quoteShell(shown)}`
      : `   ${visible(shown)} is not among the cases of the suite ([suite] cases in tally.toml)`,
  );
  return `${lines.join("\n")}\n`;
}

function perOperation({ added }: CaptureResult): string {
  const counts = Map.groupBy(added, ({ operation }) => operation);
  return [...counts].map(([operation, cases]) => `${visible(operation)} ${cases.length}`).join(", ");
}

function notKept({ contrary, refused, unsteady }: CaptureResult): string[] {
  const lines: string[] = [];
  const list = (head: string, items: readonly string[]): void => {
    if (items.length === 0) return;
    lines.push(` ! ${head}`, ...items.slice(0, shownEach).map((item) => `     ${clip(visible(item), columns)}`));
    if (items.length > shownEach) lines.push(`     and ${items.length - shownEach} more`);
  };
  list(
    `${plural(unsteady.length, "record")} not kept: the answers to the same record differ`,
    unsteady.map(({ captured, differs }) => `${captured.operation}: ${differs}`),
  );
  list(
    `${plural(contrary.length, "record is", "records are")} in the table with another answer; the rows are as they were`,
    contrary.map(({ differs, row }) => `line ${row.line}: ${differs}`),
  );
  for (const [reason, count] of refused)
    lines.push(` ! ${plural(count, "exchange")} not kept: ${clip(visible(reason), columns)}`);
  return lines;
}

/** The same as one JSON document. */
export function captureJson(result: CaptureResult): string {
  const { added, beyond, contrary, faults, file, from, inSuite, known, refused, repeated, unsteady, unused, url } =
    result;
  const said = {
    v: 1,
    file: shownPath(file),
    inSuite,
    from,
    answeredBy: url,
    cases: added.map(({ name, operation }) => ({ name, operation })),
    known,
    repeated,
    beyond,
    unanswered: faults,
    unused,
    unsteady: unsteady.map(({ captured, differs }) => ({ operation: captured.operation, differs })),
    contrary: contrary.map(({ differs, row }) => ({ line: row.line, name: row.name, differs })),
    refused: [...refused].map(([reason, exchanges]) => ({ reason, exchanges })),
  };
  return `${JSON.stringify(said, undefined, 2)}\n`;
}

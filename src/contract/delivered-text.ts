/**
 * The text of a contract as it is delivered: what its author wrote, with comments, without the tables that stay at home. Where cutting
 * lines would not give exactly the delivered tables (dotted keys, inline tables, `pyproject.toml`), it is written anew.
 */
import { stringify } from "smol-toml";
import { canonicalTables, deliveredTables, pickTables, tablesOf } from "./delivered-tables.ts";

/** From the text of a contract that was read without error. */
export function deliveredText(source: string, isEmbedded: boolean): string {
  const cut = isEmbedded ? undefined : withoutTables(source);
  if (cut !== undefined && isExact(cut, source)) return cut;
  return stringify(pickTables(tablesOf(source, isEmbedded)));
}

/** The lines of the tables that are delivered. A comment right above a table belongs to it. */
function withoutTables(source: string): string {
  const kept: string[] = [];
  let above: string[] = [];
  let isKept = true;
  for (const line of source.split("\n")) {
    if (/^\s*#/.test(line)) {
      above.push(line);
      continue;
    }
    const header = /^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}/.exec(line)?.[1];
    if (header !== undefined) isKept = isDelivered(header);
    if (isKept) kept.push(...above, line);
    // What stands above a blank line belongs to what came before it.
    above = [];
  }
  if (isKept) kept.push(...above);
  return `${kept
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

function isDelivered(header: string): boolean {
  const [table = "", key] = header.split(".").map((part) => part.trim().replaceAll(/^["']|["']$/g, ""));
  return deliveredTables.some((name) => name === table) && !(table === "endpoint" && key === "headers");
}

/** Whether the cut text holds what is delivered, all of it, and nothing else. */
function isExact(cut: string, source: string): boolean {
  try {
    const { endpoint, ...tables } = tablesOf(cut, false);
    const hasMore = Object.keys(tables).some((name) => !isDelivered(name));
    const hasHeaders = typeof endpoint === "object" && endpoint !== null && "headers" in endpoint;
    return !hasMore && !hasHeaders && canonicalTables(cut, false) === canonicalTables(source, false);
  } catch {
    return false;
  }
}

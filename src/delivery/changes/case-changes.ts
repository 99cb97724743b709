/** What changed between two versions of a case. Pure. */
import { readJson } from "../../kernel/read-json.ts";
import { canonicalJson } from "../../kernel/write-json.ts";
import type { CaseRow } from "../../record/case-row.ts";
import type { Change } from "./change.ts";
import { toleranceChange } from "./tolerance-change.ts";

type Said = Pick<Change, "kind"> & { readonly what: string };

/**
 * Empty when a run cannot tell them apart: tags, provenance and lines do not count. `hides` says which fields of an operation's
 * answer are sensitive: their values are not told.
 */
export function caseChanges(
  old: CaseRow,
  now: CaseRow,
  hides: (operation: string, field: string) => boolean = () => false,
): Said[] {
  const made: Said[] = [];
  if (old.operation !== now.operation)
    made.push({ kind: "changed", what: `operation ${old.operation} → ${now.operation}` });
  if (canonicalJson(readJson(old.input)) !== canonicalJson(readJson(now.input)))
    made.push({ kind: "changed", what: "another input" });
  made.push(...expectChanges(old.expect, now.expect, (field) => hides(now.operation, field)));
  const fields = new Set([...Object.keys(old.tolerance), ...Object.keys(now.tolerance)]);
  for (const field of fields) {
    const [was, is] = [old.tolerance[field], now.tolerance[field]];
    const step =
      was && is
        ? toleranceChange(was, is)
        : { kind: "changed" as const, what: is ? "a tolerance of its own" : "no tolerance of its own" };
    if (step) made.push({ kind: step.kind, what: `${field}: ${step.what}` });
  }
  if (old.level !== now.level)
    made.push({ kind: now.level === "required" ? "tightened" : "loosened", what: `${old.level} → ${now.level}` });
  if ((old.skip === undefined) !== (now.skip === undefined))
    made.push(
      now.skip === undefined
        ? { kind: "tightened", what: "no longer skipped" }
        : { kind: "loosened", what: `skipped: ${now.skip}` },
    );
  return made;
}

function expectChanges(old: CaseRow["expect"], now: CaseRow["expect"], isHidden: (field: string) => boolean): Said[] {
  const fields = [...new Set([...Object.keys(now ?? {}), ...Object.keys(old ?? {})])];
  return fields.flatMap((field): Said[] => {
    const [was, is] = [valueText(old, field), valueText(now, field)];
    if (was === is) return [];
    if (isHidden(field)) return [{ kind: stepOf(was, is), what: `expects ${field} otherwise (sensitive)` }];
    if (was === undefined) return [{ kind: "tightened", what: `also expects ${field} ${is}` }];
    if (is === undefined) return [{ kind: "loosened", what: `no longer expects ${field} ${was}` }];
    return [{ kind: "changed", what: `expects ${field} ${was} → ${is}` }];
  });
}

function stepOf(was: string | undefined, is: string | undefined): Change["kind"] {
  return was === undefined ? "tightened" : is === undefined ? "loosened" : "changed";
}

function valueText(expect: CaseRow["expect"], field: string): string | undefined {
  const value = expect !== undefined && Object.hasOwn(expect, field) ? expect[field] : undefined;
  return value === undefined ? undefined : canonicalJson(value);
}

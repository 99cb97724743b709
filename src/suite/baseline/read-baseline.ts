/**
 * Reads `tally.baseline.toml`. Comes in: a path. Goes out: its entries and the digest of its bytes, or one `TallyError` that names the
 * line. Knows no run.
 */
import { existsSync } from "node:fs";
import { TomlDate } from "smol-toml";
import { checkShape, isTable, type Toml } from "../../contract/check-keys.ts";
import { Faults } from "../../contract/faults.ts";
import { lineAndColumn, locateKey } from "../../contract/locate-key.ts";
import { parseToml, readTomlText } from "../../contract/toml-file.ts";
import { digestOf } from "../../delivery/suite-digest.ts";
import { isTallyError, tallyError } from "../../kernel/errors.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { type AcceptedMismatch, type BaselineEntry, sameSignature } from "../../verdict/baseline.ts";
import { baselineShape, baselineVersion } from "./baseline-keys.ts";

export interface BaselineFile {
  readonly entries: readonly BaselineEntry[];
  /** `sha256:…` of the file. */
  readonly digest: string;
  /** Comment lines that the file begins with. */
  readonly head: string;
}

/** Undefined when there is no such file. Throws `baseline-unreadable`, `baseline-invalid` and `baseline-duplicate`. */
export function readBaseline(path: string): BaselineFile | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const text = readTomlText(path);
    const table = parseToml(text, path);
    const entries = checked(withDays(table), { file: path, text });
    const head = /^(?:#.*\r?\n)*/.exec(text)?.[0] ?? "";
    return { entries, digest: digestOf(Buffer.from(text)), head };
  } catch (error) {
    if (!isTallyError(error) || !error.code.startsWith("contract-")) throw error;
    const { detail, message } = error.problem;
    if (error.code === "contract-unreadable")
      throw tallyError("baseline-unreadable", { said: message }, { cause: error });
    throw tallyError(
      "baseline-invalid",
      { said: message },
      { cause: error, ...(detail === undefined ? {} : { detail }) },
    );
  }
}

/** TOML has days of its own; a quoted one is the same. */
function withDays(table: Toml): Toml {
  const { accepted } = table;
  if (!Array.isArray(accepted)) return table;
  const plain = (entry: unknown): unknown => {
    const expires = isTable(entry) ? entry["expires"] : undefined;
    return expires instanceof TomlDate && expires.isDate()
      ? { ...Object(entry), expires: expires.toISOString() }
      : entry;
  };
  return { ...table, accepted: accepted.map(plain) };
}

function checked(table: Toml, source: { readonly file: string; readonly text: string }): BaselineEntry[] {
  const faults = new Faults({ ...source, prefix: [] });
  const version = table["baseline"];
  if (typeof version === "number" && version > baselineVersion)
    throw tallyError("baseline-too-new", { file: shownPath(source.file), found: version, known: baselineVersion });
  checkShape(baselineShape, table, [], faults);
  faults.throwAny();
  const list: unknown = table["accepted"] ?? [];
  const found: readonly unknown[] = Array.isArray(list) ? list : [];
  const lines = entryLines(source.text, found.length);
  const entries = found.map((one, index) => entryOf(one as Accepted, lines[index] ?? 1));
  for (const [index, entry] of entries.entries()) {
    const path = ["accepted", index];
    if (!isDay(entry.expires))
      faults.add("contract-type", [...path, "expires"], { expected: "a day of the calendar", found: entry.expires });
    if (entry.fails === "mismatch" && entry.mismatches.length === 0)
      faults.add("contract-key-missing", [...path, "mismatches"], {
        doc: 'A test that fails with "mismatch" has fields that are off.',
        example: '[{ operation = "process", field = "length", kind = "value" }]',
      });
  }
  faults.throwAny();
  refuseDuplicates(entries, shownPath(source.file));
  return entries;
}

/** What `checkShape` has held one entry against. */
type Accepted = Omit<BaselineEntry, "line" | "fails" | "mismatches"> & {
  readonly fails?: BaselineEntry["fails"];
  readonly mismatches?: readonly AcceptedMismatch[];
};

function entryOf({ fails = "mismatch", mismatches = [], ...told }: Accepted, line: number): BaselineEntry {
  return { ...told, fails, mismatches, line };
}

/** Where each entry begins. In one go where they are written as tables; one by one where a text only looks like their head. */
function entryLines(text: string, count: number): number[] {
  const heads = text
    .split("\n")
    .flatMap((line, i) => (/^\s*\[\[\s*["']?accepted["']?\s*\]\]/.test(line) ? [i + 1] : []));
  if (heads.length === count) return heads;
  return Array.from({ length: count }, (_, index) => {
    const place = locateKey(text, ["accepted", index]);
    return place === undefined ? 1 : lineAndColumn(text, place.at).line;
  });
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

function refuseDuplicates(entries: readonly BaselineEntry[], file: string): void {
  for (const [test, same] of Map.groupBy(entries, (entry) => entry.test)) {
    for (const [i, entry] of same.entries()) {
      const twin = same.slice(0, i).find((other) => sameSignature(other, entry));
      if (twin) throw tallyError("baseline-duplicate", { at: `${file}:${entry.line}`, test, first: twin.line });
    }
  }
}

/**
 * The fields of one exchange side by side: what the author expected, what the reference answered, what the candidate did.
 * Comes in: an exchange and the mismatches found in it. Goes out: one row per leaf of the records. Nothing is judged anew.
 */
import type { Delta, MismatchKind } from "../compare/mismatch.ts";
import type { Exchange, LocatedMismatch, TestJudged } from "../verdict/run-event.ts";
import { deltaOf, isIntegerText, isNumberText } from "./number-text.ts";
import { nodesOf, type RecordNodes } from "./record-nodes.ts";

/** One field. Values are JSON text. */
export interface FieldRow {
  /** Empty for the record itself. */
  readonly path: string;
  /** What the author of the test wrote; undefined where nothing was said. */
  readonly expected: string | undefined;
  /** What the reference answered; undefined where it was not recorded or has no such field. */
  readonly reference: string | undefined;
  readonly candidate: string | undefined;
  /** The answer to the record alone, where it was asked again and differs. */
  readonly alone: string | undefined;
  readonly delta: Delta | undefined;
  readonly mismatch: LocatedMismatch | undefined;
  /**
   * `mismatch`: beyond its tolerance. `differs`: reference and candidate part, and no test judged it.
   * `close`: they part by rounding. `same`: they agree, or there is nothing to hold them against.
   */
  readonly state: "mismatch" | "differs" | "close" | "same";
}

/** The mismatches of a test that belong to one exchange. Those that name none belong to the first of their operation. */
export function mismatchesOf(
  exchange: Exchange,
  judged: TestJudged,
  exchanges: readonly Exchange[],
): LocatedMismatch[] {
  return judged.mismatches.filter((mismatch) => {
    if (mismatch.operation !== exchange.operation) return false;
    if (mismatch.exchange !== undefined) return mismatch.exchange === exchange.n;
    return exchanges.find((other) => other.operation === mismatch.operation) === exchange;
  });
}

/** Mismatches whose exchange is not in the stream. */
export function unplacedMismatches(judged: TestJudged, exchanges: readonly Exchange[]): LocatedMismatch[] {
  const placed = new Set(exchanges.flatMap((exchange) => mismatchesOf(exchange, judged, exchanges)));
  return judged.mismatches.filter((mismatch) => !placed.has(mismatch));
}

/** Rows for every field that the exchange, or a mismatch in it, names: in the order of the reference, then of the candidate. */
export function fieldRows(exchange: Exchange | undefined, mismatches: readonly LocatedMismatch[]): FieldRow[] {
  const [reference, candidate, alone] = [exchange?.reference, exchange?.answer, exchange?.alone].map(nodesOf);
  const complaints = new Map(mismatches.map((mismatch) => [mismatch.path, mismatch]));
  const paths = new Set([...leaves(reference), ...leaves(candidate), ...complaints.keys()]);
  for (const path of paths) if (isCovered(path, complaints)) paths.delete(path);
  return [...paths].map((path) => {
    const mismatch = complaints.get(path);
    const wanted = reference?.get(path)?.text;
    const got = candidate?.get(path)?.text ?? mismatch?.candidate;
    return {
      path,
      expected: mismatch?.reference,
      reference: wanted,
      candidate: got,
      alone: alone?.get(path)?.text,
      delta: mismatch?.delta ?? deltaBetween(wanted, got),
      mismatch,
      state: mismatch === undefined ? stateOf(wanted, got, exchange) : "mismatch",
    };
  });
}

function leaves(nodes: RecordNodes | undefined): string[] {
  return [...(nodes ?? [])].filter(([, node]) => node.leaf).map(([path]) => path);
}

/** A leaf below a field that a mismatch shows as a whole: `scores[1]` where `scores` is of another length. */
function isCovered(path: string, complaints: ReadonlyMap<string, LocatedMismatch>): boolean {
  for (const complaint of complaints.keys()) {
    if (complaint === "" || complaint === path || !path.startsWith(complaint)) continue;
    const next = path[complaint.length];
    if (next === "." || next === "[") return true;
  }
  return false;
}

function deltaBetween(reference: string | undefined, candidate: string | undefined): Delta | undefined {
  if (reference === undefined || candidate === undefined || reference === candidate) return undefined;
  const delta = deltaOf(reference, candidate);
  return delta === undefined || delta.abs === 0 ? undefined : delta;
}

/** What rounding alone may do: the tolerance of floats that declare none. */
const rounding = 1e-9;

function stateOf(
  reference: string | undefined,
  candidate: string | undefined,
  exchange: Exchange | undefined,
): FieldRow["state"] {
  if (exchange?.reference === undefined || exchange.answer === undefined) return "same";
  if (reference === candidate) return "same";
  if (reference === undefined || candidate === undefined) return "differs";
  if (!isNumberText(reference) || !isNumberText(candidate)) return "differs";
  if (isIntegerText(reference) && isIntegerText(candidate)) return "differs";
  const [from, to] = [Number(reference), Number(candidate)];
  if (from === to) return "same";
  return Math.abs(to - from) <= rounding * Math.abs(from) ? "close" : "differs";
}

const kinds: Readonly<Record<MismatchKind, string>> = {
  value: "differs",
  type: "another type",
  null: "null",
  missing: "missing",
  extra: "not declared",
  length: "another length",
  "error-versus-value": "error",
};

/** A mismatch kind in words. */
export function kindText(kind: MismatchKind): string {
  return kinds[kind];
}

/** `process.null_values`; the operation alone for the record itself. */
export function placeOf(operation: string, path: string): string {
  if (path === "") return operation;
  return path.startsWith("[") ? `${operation}${path}` : `${operation}.${path}`;
}

import type { Field, FieldType, Tolerance } from "../contract/contract.ts";
import type { Json } from "../kernel/json-value.ts";
import type { Delta, Mismatch, MismatchKind, NearTie } from "./mismatch.ts";
import { valueText } from "./value-text.ts";

/** How a comparison is made, beyond what the contract says of each field. */
export interface CompareOptions {
  /** Only the fields that the reference names are compared, in structs too. */
  readonly partial?: boolean | undefined;
  /** For every numeric field, instead of the contract's. */
  readonly tolerance?: Tolerance | undefined;
  /** By path (`score`, `scores[0].p`, `scores[].p`), for it and all below it; before everything else. */
  readonly tolerances?: Readonly<Record<string, Tolerance>> | undefined;
  /** Fields of the candidate that nobody declared. Default: warn. */
  readonly extra?: "warn" | "error" | undefined;
  /** `expected`: an author wrote the reference, so what it names counts even undeclared, and hints speak of `approx`. */
  readonly context?: "expected" | "reference" | undefined;
  /** Note how far apart numbers are that are not equal, whether they agree or not. */
  readonly distances?: boolean | undefined;
}

/** What comparing two records found. */
export interface RecordComparison {
  /** In the order of the declared fields. */
  readonly mismatches: readonly Mismatch[];
  readonly nearTies: readonly NearTie[];
  /** Paths of the candidate's fields that nobody declared: warnings. */
  readonly extras: readonly string[];
  /** Paths that agree only after the normalisation that the contract asks for. */
  readonly normalized: readonly string[];
  /** With `distances`: numbers that are not equal. */
  readonly distances: readonly Distance[];
}

/** How far apart two numbers are. */
export interface Distance {
  readonly path: string;
  /** |candidate − reference|. */
  readonly abs: number;
  /** The same as a multiple of what is allowed; undefined where nothing is. */
  readonly share: number | undefined;
  readonly tolerance: Tolerance;
}

/** A comparison under way: what it collects and how it is made. */
export interface Comparison {
  readonly options: CompareOptions;
  readonly mismatches: Mismatch[];
  readonly nearTies: NearTie[];
  readonly extras: string[];
  readonly normalized: string[];
  readonly distances: Distance[];
  /** Lists, structs and objects around the value being compared. */
  depth: number;
}

/** Where in a record two values are compared, and by which rules. */
export interface Place {
  readonly path: string;
  readonly type: FieldType;
  /** Of the elements of a list: the list's own. */
  readonly field: Field;
  /** The author's tolerance for this place. */
  readonly given: Tolerance | undefined;
}

/** A comparison under way, and how the parts of a value are compared in it (`compareValue`). */
export interface Recursion {
  readonly comparison: Comparison;
  readonly compare: (place: Place, reference: Json, candidate: Json, comparison: Comparison) => void;
}

/** The rules of a value that nobody declared. */
export const undeclared: Field = {
  type: { kind: "json", nullable: true },
  tolerance: {},
  signedZero: false,
  normalize: [],
  order: "list",
  sensitive: false,
};

/** What a mismatch may say beyond its two values. */
export interface MismatchDetail {
  readonly delta?: Delta | undefined;
  readonly tolerance?: Tolerance | undefined;
  readonly hint?: string | undefined;
}

/** An empty comparison. */
export function startComparison(options: CompareOptions, depth = 0): Comparison {
  return { options, mismatches: [], nearTies: [], extras: [], normalized: [], distances: [], depth };
}

/** The place of a field or element below another. */
export function placeAt(
  comparison: Comparison,
  path: string,
  field: Field,
  around?: { readonly type: FieldType; readonly given: Tolerance | undefined },
): Place {
  const { tolerances } = comparison.options;
  const own = tolerances === undefined ? undefined : toleranceOf(tolerances, path);
  return { path, field, type: around?.type ?? field.type, given: own ?? around?.given };
}

/** The type of the elements of a list; of a list in a `json` value, `json` again. */
export function itemType(type: FieldType): FieldType {
  return type.items ?? undeclared.type;
}

/** The path of a field of the struct at `path`. */
export function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Notes a mismatch. Hints on sensitive values are kept only where they say nothing about the value. */
export function fail(
  comparison: Comparison,
  place: Place,
  kind: MismatchKind,
  values: { readonly reference?: Json | undefined; readonly candidate?: Json | undefined },
  detail: MismatchDetail = {},
): void {
  const { delta, tolerance, hint } = detail;
  const tells = place.field.sensitive && (kind === "value" || kind === "length");
  comparison.mismatches.push({
    path: place.path,
    kind,
    ...(values.reference === undefined ? {} : { reference: valueText(values.reference) }),
    ...(values.candidate === undefined ? {} : { candidate: valueText(values.candidate) }),
    ...(delta === undefined ? {} : { delta }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(hint === undefined || tells ? {} : { hint }),
  });
}

/** What the left side is called in a hint. */
export function referenceName(comparison: Comparison): string {
  return comparison.options.context === "expected" ? "the expected value" : "the reference's value";
}

function toleranceOf(tolerances: Readonly<Record<string, Tolerance>>, path: string): Tolerance | undefined {
  if (Object.hasOwn(tolerances, path)) return tolerances[path];
  if (!path.includes("[")) return undefined;
  const every = path.replaceAll(/\[\d+\]/gu, "[]");
  if (Object.hasOwn(tolerances, every)) return tolerances[every];
  const starred = path.replaceAll(/\[\d+\]/gu, "[*]");
  return Object.hasOwn(tolerances, starred) ? tolerances[starred] : undefined;
}

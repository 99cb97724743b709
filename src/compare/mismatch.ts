import type { Tolerance } from "../contract/contract.ts";

/** In which way two values part. */
export type MismatchKind =
  /** Both are of the declared type and too far apart. */
  | "value"
  /** The candidate's value is not of the declared type. */
  | "type"
  /** One is null, the other is not. */
  | "null"
  /** The candidate lacks the field. */
  | "missing"
  /** A field that the reference lacks, or that nobody declared where `extra = "error"`. */
  | "extra"
  /** Lists of different length. */
  | "length"
  /** One answered a value, the other `$error`. */
  | "error-versus-value";

/** How far apart two numbers are (instants: abs in milliseconds, no rel and ulp). */
export interface Delta {
  /** |candidate − reference|. */
  readonly abs: number;
  /** |candidate − reference| / |reference|; absent where the reference is 0 or one of them is not finite. */
  readonly rel?: number;
  /** Representable numbers of the declared type from one to the other; absent for integers and decimals. */
  readonly ulp?: number;
}

/** One field of one record beyond its tolerance. Values are JSON text as it was written, so no digit is lost. */
export interface Mismatch {
  /** Path inside the record: `score`, `scores[0].label`; empty for the record itself. */
  readonly path: string;
  readonly kind: MismatchKind;
  /** What the reference (or the test) says; undefined where it says nothing. */
  readonly reference?: string;
  /** What the candidate answered; undefined where the field is missing. */
  readonly candidate?: string;
  readonly delta?: Delta;
  readonly tolerance?: Tolerance;
  /** One sentence that helps: a misspelt field, agreement at the digits the author wrote, normalised text. */
  readonly hint?: string;
}

/** A label that flipped although both scores agree and lie within tolerance of the threshold: passes, counted and listed. */
export interface NearTie {
  /** Path of the label. */
  readonly path: string;
  /** Path of the score that decides it. */
  readonly score: string;
  readonly threshold: number;
  /** The labels as JSON text. */
  readonly reference: string;
  readonly candidate: string;
  /** The scores as JSON text. */
  readonly referenceScore: string;
  readonly candidateScore: string;
  readonly hint?: string;
}

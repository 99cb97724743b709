/** What counts where the contract says nothing: the one place of the default tolerances (spec: equality). */
import type { Field, FieldType, Tolerance } from "./contract.ts";

const relative: Tolerance = { rel: 1e-9 };
const fourUlp: Tolerance = { ulp: 4 };
const none: Tolerance = {};

/** A field that nobody declared: any JSON value; numbers agree within rel 1e-9, everything else exactly. */
export const jsonField: Field = defaultField({ kind: "json", nullable: true });

/** A field of a type, with nothing else said. */
export function defaultField(type: FieldType): Field {
  return { type, tolerance: none, signedZero: false, normalize: [], order: "list", sensitive: false };
}

/** The tolerance that counts for a field: its own keys (those not given are 0), else the default of its type. */
export function effectiveTolerance(field: Pick<Field, "type" | "tolerance">): Tolerance {
  const { abs, rel, ulp, exact } = field.tolerance;
  if (exact === true) return none;
  if (abs !== undefined || rel !== undefined || ulp !== undefined) return field.tolerance;
  return defaultTolerance(field.type);
}

/** The tolerance of a type without any key: a list's is that of its elements. */
function defaultTolerance(type: FieldType): Tolerance {
  switch (type.kind) {
    case "float64":
    case "json":
      return relative;
    case "float32":
      return fourUlp;
    case "list":
      return type.items === undefined ? relative : defaultTolerance(type.items);
    default:
      return none;
  }
}

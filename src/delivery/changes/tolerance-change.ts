/** Whether another tolerance accepts less or more. */
import type { Field, Tolerance } from "../../contract/contract.ts";
import type { Change } from "./change.ts";

const keys = ["abs", "rel", "ulp"] as const;

/** The tolerance that counts: floats have one also where nothing is said (spec §2). */
export function effectiveTolerance({ tolerance, type }: Pick<Field, "tolerance" | "type">): Tolerance {
  const kind = type.kind === "list" ? (type.items?.kind ?? "json") : type.kind;
  if (tolerance.exact === true || keys.some((key) => tolerance[key] !== undefined)) return tolerance;
  if (kind === "float64" || kind === "json") return { rel: 1e-9 };
  return kind === "float32" ? { ulp: 4 } : {};
}

/** Undefined when both are the same. */
export function toleranceChange(
  before: Tolerance,
  after: Tolerance,
): { kind: Change["kind"]; what: string } | undefined {
  const steps = keys.map((key) => Math.sign((after[key] ?? 0) - (before[key] ?? 0)));
  if (steps.every((step) => step === 0)) return undefined;
  const kind = steps.every((step) => step <= 0)
    ? "tightened"
    : steps.every((step) => step >= 0)
      ? "loosened"
      : "changed";
  return { kind, what: `${toleranceText(before)} → ${toleranceText(after)}` };
}

function toleranceText(tolerance: Tolerance): string {
  const parts = keys.flatMap((key) => ((tolerance[key] ?? 0) > 0 ? [`${key} ${tolerance[key]}`] : []));
  return parts.length === 0 ? "exact" : parts.join(" ");
}

import type { Tolerance } from "../../contract/contract.ts";
import { tallyError } from "../../kernel/errors.ts";

/** A number with a tolerance of its own, for `toTally` and, as an asymmetric matcher, for every other matcher. */
export class Approx {
  readonly $$typeof: symbol = Symbol.for("jest.asymmetricMatcher");
  readonly value: number | bigint | string;
  readonly tolerance: Tolerance;

  constructor(value: number | bigint | string, tolerance: Tolerance) {
    this.value = value;
    this.tolerance = tolerance;
  }

  /** Whether a number agrees: |other − value| ≤ abs + rel·|value|. */
  asymmetricMatch(other: unknown): boolean {
    if (typeof other !== "number" && typeof other !== "bigint") return false;
    const value = Number(this.value);
    const { abs = 0, rel = 0 } = this.tolerance;
    if (!Number.isFinite(value)) return Object.is(Number(other), value);
    return Number(other) === value || Math.abs(Number(other) - value) <= abs + rel * Math.abs(value);
  }

  toString(): string {
    return "approx";
  }

  toAsymmetricMatcher(): string {
    const parts = Object.entries(this.tolerance).map(([key, value]) => `${key} ${value}`);
    return `approx(${this.value}, ${parts.join(", ")})`;
  }

  getExpectedType(): string {
    return "number";
  }
}

/**
 * Expects a value near another; without a tolerance, rel 1e-6.
 *
 * @example
 * ```ts
 * import { approx } from "tallyml";
 * approx(2.32, { abs: 0.01 }).asymmetricMatch(2.3249); // true
 * ```
 */
export function approx(value: number | bigint | string, tolerance: Tolerance = { rel: 1e-6 }): Approx {
  if (!["number", "bigint", "string"].includes(typeof value))
    throw tallyError("expected-undefined", { where: "approx()" });
  return new Approx(value, tolerance);
}

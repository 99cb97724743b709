/** One thing that a version of a suite asks otherwise than another. */
export interface Change {
  /** `tightened`: less is accepted than before; `loosened`: more; `changed`: neither can be said. */
  readonly kind: "added" | "removed" | "tightened" | "loosened" | "changed";
  readonly area: "operations" | "tests" | "cases";
  /** `process.length`, `tests/a.test.ts > name`, `cases/process.jsonl > empty`. */
  readonly at: string;
  /** What, where there is more to say: `rel 1e-6 → 1e-9`. */
  readonly what?: string;
}

export const changeKinds: readonly Change["kind"][] = ["added", "tightened", "changed", "loosened", "removed"];

import type { Frame } from "../../../src/connector/frame.ts";

/** Answers what it was given, and what each value was. */
export default {
  echo: (frame: Frame) => [...frame],
  types: (frame: Frame) =>
    [...frame].map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, `${typeof value} ${String(value)}`])),
    ),
  columns: (frame: Frame) => ({ names: Array.from({ length: frame.length }, () => frame.columns.join(",")) }),
  typed: (frame: Frame) => ({ score: new Float64Array(frame.length).fill(0.5), id: new BigInt64Array(frame.length) }),
};

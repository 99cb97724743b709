import * as fc from "fast-check";
import { expect, test } from "vitest";
import { foldMatrix, isQuiet } from "../../src/verdict/fold-matrix.ts";
import type { RunEvent, Verdict } from "../../src/verdict/run-event.ts";

function planned(id: string): RunEvent {
  return { type: "test-planned", id, file: "a", name: id, kind: "test", level: "required", tags: [] };
}

function judged(id: string, verdict: Verdict): RunEvent {
  return { type: "test-judged", id, verdict, level: "required", mismatches: [], failures: [], ms: 0 };
}

const verdicts = fc.constantFrom<Verdict>("pass", "fail", "error", "skip");
const side = fc.dictionary(fc.constantFrom("t1", "t2", "t3", "t4"), verdicts);

test("every planned test is a row once, and in which order the sides are run does not matter", () => {
  fc.assert(
    fc.property(fc.array(side, { minLength: 1, maxLength: 4 }), (sides) => {
      const fold = (order: readonly number[]) => {
        const matrix = foldMatrix(sides.map((_, i) => `side${i}`));
        for (const i of order)
          for (const [id, verdict] of Object.entries(sides[i] ?? {}))
            for (const event of [planned(id), judged(id, verdict)]) matrix.add(i, event);
        return matrix.result().rows;
      };
      const order = sides.map((_, i) => i);
      const rows = fold(order);
      expect(rows).toEqual(fold(order.toReversed()));
      // The order is that of the first side, then of what only later ones have.
      const inOrder = [...new Set(sides.flatMap((one) => Object.keys(one)))];
      expect(rows.map(({ plan }) => plan.id)).toEqual(inOrder);
      expect(new Set(rows.map(({ plan }) => plan.id))).toEqual(new Set(sides.flatMap((one) => Object.keys(one))));
      for (const row of rows) {
        expect(row.cells.map((cell) => cell?.verdict)).toEqual(sides.map((one) => one[row.plan.id]));
        const said = new Set(
          row.cells.flatMap((cell) => (cell && ["pass", "fail"].includes(cell.verdict) ? cell.verdict : [])),
        );
        expect(row.parts).toBe(said.size > 1);
        if (row.parts) expect(isQuiet(row)).toBe(false);
      }
    }),
  );
});

/**
 * What each side answered where they part. Comes in: a folded matrix and the streams of its runs. Goes out: for each test that is not
 * quiet the fields that were off on any side, with the values of all. Of a stream only what those tests asked is held, up to a limit.
 */
import { isQuiet, type MatrixResult, type MatrixRow } from "../../verdict/fold-matrix.ts";
import type { Exchange, LocatedMismatch } from "../../verdict/run-event.ts";
import { nodesOf } from "../record-nodes.ts";
import { maxText, readSide, type SideStream } from "./side-stream.ts";

/** One field of one record. Values are JSON text. */
export interface MatrixField {
  readonly operation: string;
  readonly path: string;
  readonly input: string | undefined;
  readonly expected: string | undefined;
  /** In the order of the sides; undefined where it is not known or not there. */
  readonly values: readonly (string | undefined)[];
  /** Whether a side's value was a mismatch. */
  readonly wrong: readonly boolean[];
}

/** By id of the test. */
export type MatrixFields = ReadonlyMap<string, readonly MatrixField[]>;

/** Reads the streams once more; `streams` are those of the sides, undefined where there is none. */
export async function readMatrixFields(
  result: MatrixResult,
  streams: readonly (SideStream | undefined)[],
): Promise<MatrixFields> {
  const rows = result.rows.filter((row) => !isQuiet(row));
  const wanted = new Set(rows.map(({ plan }) => plan.id));
  let left = maxText;
  const asked: Map<string, Exchange[]>[] = [];
  for (const stream of streams) {
    const own = new Map<string, Exchange[]>();
    asked.push(own);
    if (stream === undefined || wanted.size === 0) continue;
    for await (const event of readSide(stream)) {
      if (event.type !== "exchange" || event.asked !== "test" || !wanted.has(event.id)) continue;
      left -= event.input.length + (event.answer?.length ?? 0);
      if (left < 0) break;
      const list = own.get(event.id) ?? [];
      own.set(event.id, list);
      list.push(event);
    }
  }
  return new Map(
    rows.map((row) => [
      row.plan.id,
      fieldsOf(
        row,
        asked.map((own) => own.get(row.plan.id) ?? []),
      ),
    ]),
  );
}

interface Place {
  readonly mismatch: LocatedMismatch;
  /** Which of the records that the operation was asked in this test. */
  readonly nth: number;
}

/** Sides may count their exchanges differently, so records are matched by operation and order. */
function fieldsOf(row: MatrixRow, exchanges: readonly (readonly Exchange[])[]): MatrixField[] {
  const places = new Map<string, Place>();
  row.cells.forEach((cell, side) => {
    for (const mismatch of cell?.judged?.mismatches ?? []) {
      const own = ofOperation(exchanges[side] ?? [], mismatch.operation);
      const nth = own.findIndex(({ n }) => n === mismatch.exchange);
      const key = JSON.stringify([mismatch.operation, nth, mismatch.path]);
      if (!places.has(key)) places.set(key, { mismatch, nth });
    }
  });
  return [...places.values()].map(({ mismatch, nth }) => {
    const { operation, path, reference } = mismatch;
    const at = exchanges.map((own) => (nth < 0 ? undefined : ofOperation(own, operation)[nth]));
    const wrong = row.cells.map((cell, side) =>
      (cell?.judged?.mismatches ?? []).some(
        (one) => one.operation === operation && one.path === path && (nth < 0 || one.exchange === at[side]?.n),
      ),
    );
    const values = row.cells.map((cell, side) => {
      const answered = nodesOf(at[side]?.answer).get(path === "$error" ? "" : path)?.text;
      const found = (cell?.judged?.mismatches ?? []).find((one) => one.operation === operation && one.path === path);
      return answered ?? (nth < 0 ? found?.candidate : undefined);
    });
    return { operation, path, input: at.find((one) => one !== undefined)?.input, expected: reference, values, wrong };
  });
}

function ofOperation(exchanges: readonly Exchange[], operation: string): readonly Exchange[] {
  return exchanges.filter((exchange) => exchange.operation === operation);
}

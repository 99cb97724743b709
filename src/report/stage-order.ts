/** Exchanges in the order in which a record passes the stages, also where Tally asked an upstream stage afterwards. */
import type { Exchange, OperationOutline } from "../verdict/run-event.ts";

/** How deep each operation stands: 0 for the first stage, 1 for those after it. Operations outside count as 0. */
export type StageDepths = ReadonlyMap<string, number>;

export function stageDepths(operations: readonly OperationOutline[]): StageDepths {
  const after = new Map(operations.map((operation) => [operation.name, operation.after]));
  const depthOf = (name: string): number => {
    let depth = 0;
    for (let at = after.get(name); at !== undefined && depth < operations.length; at = after.get(at)) depth += 1;
    return depth;
  };
  return new Map(operations.map(({ name }) => [name, depthOf(name)]));
}

/** Exchanges of one record stay together: those with the same input, or all where the test itself asked only once. */
export function inStageOrder(exchanges: readonly Exchange[], depths: StageDepths): Exchange[] {
  const single = exchanges.filter(({ asked }) => asked === "test").length <= 1;
  const records = Map.groupBy(exchanges, (exchange) => (single ? "" : exchange.input));
  const depth = (exchange: Exchange) => depths.get(exchange.operation) ?? 0;
  return [...records.values()].flatMap((group) => group.toSorted((a, b) => depth(a) - depth(b) || a.n - b.n));
}

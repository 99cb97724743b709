/** The order of a contract's operations: which stage comes before which. */
import type { Operation } from "../contract/contract.ts";

type Operations = Readonly<Record<string, Operation>>;

/** The stages before an operation, first one first, itself last. */
export function stagesUpTo(operations: Operations | undefined, name: string): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = name; at !== undefined && !chain.includes(at); at = operations?.[at]?.after)
    chain.unshift(at);
  return chain;
}

/** How many stages come before an operation. */
export function depthOf(operations: Operations | undefined, name: string): number {
  return stagesUpTo(operations, name).length - 1;
}

/** The upstream stages that can be asked with the very record an operation was asked with. */
export function askableStages(operations: Operations | undefined, name: string, input: ReadonlySet<string>): string[] {
  return stagesUpTo(operations, name)
    .slice(0, -1)
    .filter((stage) => {
      const declared = operations?.[stage]?.input;
      return declared?.kind === "fields" && Object.keys(declared.fields).every((field) => input.has(field));
    });
}

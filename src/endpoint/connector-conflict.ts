import type { Ready } from "../connector/worker-protocol.ts";
import type { Contract } from "../contract/contract.ts";
import { tallyError, type TallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";

/** Where a connector's code says something else than its `tally.toml`: name, order of stages, an operation it lacks. */
export function connectorConflict(
  contract: Contract,
  path: string,
  ready: Pick<Ready, "name" | "operations">,
): TallyError | undefined {
  const conflict = (what: string, declared: string, defined: string): TallyError =>
    tallyError("contract-conflict", {
      contract: shownPath(contract.file),
      connector: shownPath(path),
      what,
      declared,
      defined,
    });
  if (ready.name !== null && ready.name !== contract.model.name)
    return conflict("the model's name", `"${contract.model.name}"`, `"${ready.name}"`);
  for (const operation of Object.values(contract.operations ?? {})) {
    const defined = Object.hasOwn(ready.operations, operation.name) ? ready.operations[operation.name] : undefined;
    if (defined === undefined) return conflict(`the operation ${operation.name}`, "declared", "not defined");
    if (defined.after !== null && operation.after !== undefined && defined.after !== operation.after)
      return conflict(`the stage before ${operation.name}`, `"${operation.after}"`, `"${defined.after}"`);
  }
  return undefined;
}

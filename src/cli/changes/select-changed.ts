/** `--changed-since`: a selection that is computed from another version of the suite. */
import type { Contract } from "../../contract/contract.ts";
import { changedTests } from "../../delivery/changes/changed-tests.ts";
import { outlineSuite } from "../../delivery/changes/suite-outline.ts";
import type { Selection } from "../../suite/selection.ts";
import type { Arguments } from "../arguments.ts";
import { otherVersion } from "./other-version.ts";

/** The selection, less what is as it was at `since`. */
export async function selectChanged(
  selection: Selection,
  since: string,
  contract: Contract,
  args: Arguments,
): Promise<Selection> {
  const { outline: before } = await otherVersion(since, () => contract, args, args.isTyped("changed-since"));
  return { ...selection, changed: { since, ...changedTests(before, await outlineSuite(contract)) } };
}

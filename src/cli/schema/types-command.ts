/** `tally types`: TypeScript types of the operations, for the editor. */
import { existsSync, readFileSync } from "node:fs";
import { contractTypes, typesHeader } from "../../contract/typescript.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { openWhole } from "../../report/output-file.ts";
import type { Arguments } from "../arguments.ts";
import { readContract } from "../target.ts";

export async function runTypes(args: Arguments): Promise<ExitCode> {
  const contract = readContract(args);
  if (contract.operations === undefined) throw tallyError("operations-none", { file: shownPath(contract.file) });
  const text = contractTypes(contract);
  const out = args.text("out");
  if (out === undefined) {
    process.stdout.write(text);
    return 0;
  }
  if (existsSync(out) && !readFileSync(out, "utf8").startsWith(typesHeader))
    throw tallyError("types-foreign", { path: out });
  const file = openWhole(out);
  file.write(text);
  file.close();
  process.stdout.write(`${out}\n`);
  return 0;
}

/** `tally schema --write`: declares the operations that a connector defines and the contract does not, from what they answer. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { whyNot } from "../../compare/type-check.ts";
import type { Contract } from "../../contract/contract.ts";
import { parseContract } from "../../contract/load-contract.ts";
import { operationToml } from "../../contract/operation-toml.ts";
import { type ExitCode, isTallyError, tallyError } from "../../kernel/errors.ts";
import type { JsonObject } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { notWritable, writeWholeFile } from "../../kernel/whole-file.ts";
import { isJsonObject } from "../../record/json-kind.ts";
import { readCaseTable } from "../../record/read-case-table.ts";
import { readSample } from "../../record/read-sample.ts";
import { findFiles } from "../../delivery/find-files.ts";
import type { Arguments } from "../arguments.ts";
import { observeOperations } from "./observe-operations.ts";
import { openTarget, readContract } from "../target.ts";

/** Adds sections to the contract's file; what stands in it stays as it is, byte for byte. */
export async function writeSchema(args: Arguments): Promise<ExitCode> {
  const contract = readContract(args);
  const file = shownPath(contract.file);
  const seen = await observeOperations({
    contract,
    open: (known) => openTarget({ address: undefined, role: "reference" }, known, args, () => {}),
    sample: await sampleOf(args, contract),
    timeoutMs: contract.endpoint.timeoutMs,
  });
  if (seen.length === 0) {
    const declared = Object.keys(contract.operations ?? {}).join(", ");
    process.stdout.write(`${file} declares all that the connector defines${declared === "" ? "" : `: ${declared}`}\n`);
    return 0;
  }
  const prefix = basename(contract.file) === "pyproject.toml" ? "tool.tally." : "";
  const sections = seen.map(({ operation, reasons }) => operationToml(operation, reasons, prefix)).join("\n");
  addSections(contract.file, sections);
  process.stdout.write(
    `${file}: wrote ${seen.map(({ operation }) => `[${prefix}operations.${operation.name}]`).join(", ")}\n`,
  );
  process.stdout.write("  next:  read them, then: tally test\n");
  return 0;
}

/** The records of --sample, else the inputs of the cases. */
async function sampleOf(args: Arguments, contract: Contract): Promise<JsonObject[]> {
  const path = args.text("sample");
  if (path !== undefined) return readSample(path);
  const records: JsonObject[] = [];
  for (const file of findFiles(contract.root, contract.suite.cases)) {
    const { rows } = await readCaseTable(join(contract.root, file), contract, whyNot);
    for (const { input } of rows) {
      const record = readJson(input, { numbers: "text" });
      if (isJsonObject(record)) records.push(record);
    }
  }
  if (records.length > 0) return records;
  throw tallyError("argument-missing", {
    verb: "schema --write",
    argument: "records to ask the connector: --sample FILE",
  });
}

function addSections(file: string, sections: string): void {
  const before = readFileSync(file, "utf8");
  const lineEnd = before.includes("\r\n") ? "\r\n" : "\n";
  const gap = before === "" ? "" : before.endsWith("\n") ? lineEnd : lineEnd + lineEnd;
  const text = `${before}${gap}${sections.replaceAll("\n", lineEnd)}`;
  try {
    parseContract(text, file);
  } catch (cause) {
    if (!isTallyError(cause)) throw cause;
    throw tallyError("schema-place", { file: shownPath(file), reason: cause.message }, { cause, detail: sections });
  }
  try {
    writeWholeFile(file, text);
  } catch (cause) {
    throw notWritable(shownPath(file), cause);
  }
}

import { jsonSchema } from "../contract/json-schema.ts";
import { contractMarkdown } from "../contract/markdown.ts";
import { openApi } from "../contract/openapi.ts";
import type { ExitCode } from "../kernel/errors.ts";
import type { Arguments } from "./arguments.ts";
import { readContract } from "./target.ts";

/** `tally schema`: the contract in a form that other tools and people read. */
export async function runSchema(args: Arguments): Promise<ExitCode> {
  const contract = readContract(args);
  const format = args.choice("format", ["json-schema", "openapi", "markdown"]) ?? "json-schema";
  const made = format === "markdown" ? undefined : format === "openapi" ? openApi(contract) : jsonSchema(contract);
  process.stdout.write(made === undefined ? contractMarkdown(contract) : `${JSON.stringify(made, null, 2)}\n`);
  return 0;
}

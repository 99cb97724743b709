import { join } from "node:path";
import { whyNot } from "../../compare/type-check.ts";
import type { Contract } from "../../contract/contract.ts";
import type { ContractExample } from "../../contract/example-record.ts";
import { jsonSchema } from "../../contract/json-schema.ts";
import { contractMarkdown } from "../../contract/markdown.ts";
import { openApi } from "../../contract/openapi.ts";
import { asOpenApi30 } from "../../contract/openapi-3-0.ts";
import type { ExitCode } from "../../kernel/errors.ts";
import { writeJson } from "../../kernel/write-json.ts";
import { readCaseTable } from "../../record/read-case-table.ts";
import { findFiles } from "../../delivery/find-files.ts";
import type { Arguments } from "../arguments.ts";
import { readContract } from "../target.ts";

const formats = ["json-schema", "openapi", "openapi-3.0", "markdown"] as const;
/** Cases shown of each operation. */
const shownCases = 3;

/** `tally schema`: the contract in a form that other tools and people read. */
export async function runSchema(args: Arguments): Promise<ExitCode> {
  if (args.flag("write")) return (await import("./schema-write.ts")).writeSchema(args);
  const contract = readContract(args);
  const format = args.choice("format", formats) ?? "json-schema";
  process.stdout.write(await describeContract(contract, format));
  return 0;
}

async function describeContract(contract: Contract, format: (typeof formats)[number]): Promise<string> {
  switch (format) {
    case "json-schema":
      return `${JSON.stringify(jsonSchema(contract), null, 2)}\n`;
    case "openapi":
      return `${JSON.stringify(openApi(contract, { examples: await readExamples(contract) }), null, 2)}\n`;
    case "openapi-3.0":
      return `${JSON.stringify(asOpenApi30(openApi(contract, { examples: await readExamples(contract) })), null, 2)}\n`;
    case "markdown":
      return contractMarkdown(contract, await readExamples(contract));
  }
}

/** The first cases of each operation; a table that cannot be read is the affair of `tally test`. */
async function readExamples(contract: Contract): Promise<ContractExample[]> {
  const examples: ContractExample[] = [];
  const counts = new Map<string, number>();
  for (const file of findFiles(contract.root, contract.suite.cases)) {
    const { rows } = await readCaseTable(join(contract.root, file), contract, whyNot);
    for (const { expect, input, name, operation } of rows) {
      const count = counts.get(operation) ?? 0;
      counts.set(operation, count + 1);
      if (count >= shownCases) continue;
      examples.push({ name, operation, input, ...(expect === undefined ? {} : { expect: writeJson(expect) }) });
    }
  }
  return examples;
}

import { expect, test } from "vitest";
import type { Contract } from "../../src/contract/contract.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { isTallyError } from "../../src/kernel/errors.ts";
import { connectorPath, local } from "../faux/local-connector.ts";

function contract(model: string, inference: string): Contract {
  return parseContract(
    `[model]
name = "${model}"
[operations.process]
input = { query = "string" }
output = { length = "int" }
[operations.extract]
input = { query = "string" }
output = { length = "int" }
[operations.inference]
${inference}
input = { query = "string" }
output = { score = "float64" }
`.replace(/\[operations.extract\][^[]*/, inference.includes("extract") ? "$&" : ""),
    connectorPath("tally.toml"),
  );
}

async function conflict(name: string, declared: Contract): Promise<string> {
  const error: unknown = await local(name, { contract: declared, cwd: process.cwd() })
    .start()
    .then(() => "started")
    .catch((thrown: unknown) => thrown);
  return isTallyError(error) ? `error[${error.code}]: ${error.message}` : String(error);
}

test("code that says the same as the contract, or nothing, is no conflict", async () => {
  expect(await conflict("good.ts", contract("good", 'after = "process"'))).toBe("started");
  expect(await conflict("good.ts", contract("good", ""))).toBe("started");
});

test("another name is a conflict", async () => {
  expect(await conflict("good.ts", contract("sqli", 'after = "process"'))).toMatchInlineSnapshot(
    `"error[contract-conflict]: test/faux/connectors/tally.toml and test/faux/connectors/good.ts contradict each other: the model's name is "sqli" in tally.toml and "good" in the code."`,
  );
});

test("another stage before is a conflict", async () => {
  expect(await conflict("other-name.ts", contract("fraud", 'after = "process"'))).toMatchInlineSnapshot(
    `"error[contract-conflict]: test/faux/connectors/tally.toml and test/faux/connectors/other-name.ts contradict each other: the stage before inference is "process" in tally.toml and "extract" in the code."`,
  );
});

test("an operation that is declared and not defined is a conflict", async () => {
  expect(await conflict("raises.ts", contract("raises", ""))).toMatchInlineSnapshot(
    `"error[contract-conflict]: test/faux/connectors/tally.toml and test/faux/connectors/raises.ts contradict each other: the operation inference is declared in tally.toml and not defined in the code."`,
  );
});

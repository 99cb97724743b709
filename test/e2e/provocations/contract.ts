/** What can be wrong with `tally.toml`: each is said before anything is started. */
import type { Provocation } from "./provocation.ts";

const model = `[model]\nname = "m"\n`;
const fields = `input = { x = "float64" }\noutput = { y = "float64" }\n`;

/** `tally schema` in a folder with this contract. */
function faulty(fact: string, code: Provocation["codes"][number], contract: string | Uint8Array): Provocation {
  return { fact, codes: [code], files: { "tally.toml": contract }, args: ["schema"], exit: 2 };
}

export const contractProvocations: readonly Provocation[] = [
  { fact: "a folder without a contract", codes: ["contract-missing"], args: ["test"], exit: 2 },
  {
    fact: "a contract that is named and not there",
    codes: ["contract-unreadable"],
    args: ["test", "--config", "other.toml"],
    exit: 2,
  },
  faulty("a contract in Latin-1", "contract-encoding", Buffer.from(`[model]\nname = "m\u00e9"\n`, "latin1")),
  faulty("a contract that is no TOML", "contract-syntax", `[model]\nname = sqli\n`),
  faulty("a contract of a later format", "contract-too-new", `[tally]\ncontract = 2\n${model}`),
  faulty("a suite for another Tally", "contract-requires", `[tally]\nrequires = ">=99"\n${model}`),
  faulty("a misspelt table", "contract-unknown-key", `${model}[operation.predict]\n${fields}`),
  faulty("a model without a name", "contract-key-missing", `[model]\nversion = "1"\n`),
  faulty("a number where a text belongs", "contract-type", `[model]\nname = 3\n`),
  faulty(
    "a field that begins with $",
    "contract-name",
    `${model}[operations.p]\ninput = { "$x" = "int" }\noutput = {}\n`,
  ),
  faulty("a misspelt type", "contract-type-name", `${model}[operations.p]\ninput = { x = "flaot64" }\noutput = {}\n`),
  faulty(
    "a tolerance at a text",
    "contract-field",
    `${model}[operations.p]\ninput = { x = "float64" }\noutput = { y = { type = "string", abs = 0.1 } }\n`,
  ),
  faulty("a stage after one that is not there", "contract-operation", `${model}[operations.p]\nafter = "q"\n${fields}`),
  faulty(
    "stages in a circle",
    "contract-cycle",
    `${model}[operations.p]\nafter = "q"\n${fields}[operations.q]\nafter = "p"\n${fields}`,
  ),
  faulty("two connectors", "contract-connector", `${model}[connector]\npython = "c.py"\nnode = "c.ts"\n`),
];

/** What a program on stdin and stdout can do wrong: test/faux/programs/model.mjs, told how by its argument. */
import { readFileSync } from "node:fs";
import { interrupted } from "./connector.ts";
import type { Provocation } from "./provocation.ts";

const program = readFileSync(new URL("../../faux/programs/model.mjs", import.meta.url), "utf8");
const files = {
  "tally.toml": `[model]\nname = "faux"\n`,
  "model.mjs": program,
  "cases/process.jsonl": `{"operation":"process","input":{"query":"a"}}\n{"operation":"process","input":{"query":"bad"}}\n`,
};

function model(fact: string, codes: Provocation["codes"], how: string, args: readonly string[] = []): Provocation {
  const command = how.startsWith("cmd:") ? how : `cmd:node model.mjs ${how}`;
  return { fact, codes, files, args: ["test", "--reporter", "ndjson", "-e", command, ...args], exit: 3 };
}

export const stdioProvocations: readonly Provocation[] = [
  { ...model("a command with a quote that is not closed", ["stdio-command"], "cmd:./model 'big"), exit: 2 },
  model("a program that is not there", ["stdio-start"], "cmd:./no-such-program --flag"),
  model("a program that ends at one record", ["stdio-crashed"], "poison"),
  model("a program that does not flush", ["stdio-timeout"], "silent", ["--timeout", "500ms"]),
  {
    ...model("a program that ends whenever it is started", ["stdio-crashed", "stdio-restarts"], "dies-at-start", [
      "--batch",
      "1",
    ]),
    files: { ...files, "cases/process.jsonl": `{"operation":"process","input":{"query":"a"}}\n`.repeat(6) },
  },
  model("a program that logs to stdout", ["stdio-answer"], "debug"),
  model("a program that says it cannot", ["stdio-error"], "error"),
  model("a program that answers fewer records", ["stdio-count"], "count"),
  {
    ...model("Ctrl-C while a program is silent", ["stdio-cancelled"], "silent"),
    arrange: () => ({ meanwhile: interrupted }),
    exit: 130,
    signal: 130,
  },
];

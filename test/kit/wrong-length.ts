/** The lengths model with faults: code for a connector beside the right one. */
import { connector, contract } from "./length-model.ts";

/** Says 7 for the words `bb`, `aa` and `abc`, and fails on `boom`. */
export const wrongConnector: string = connector
  .replace(
    "length: [...String(text)].length,",
    `length: ["bb", "aa", "abc"].includes(String(text)) ? 7 : [...String(text)].length,`,
  )
  .replace(
    "process(frame: Frame<Row>) {",
    `process(frame: Frame<Row>) {\n    if (frame.column("text").includes("boom")) throw new RangeError("boom");`,
  );

/** A project whose suite is right about `connector.ts` and not about `wrong.ts`, the candidate. */
export function bugProject(tests: string): Readonly<Record<string, string>> {
  return {
    "tally.toml": contract,
    "connector.ts": connector,
    "wrong.ts": wrongConnector,
    "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
    "tests/a.test.ts": `import { approx, expect, operation, test } from "tallyml";
const process = operation("process"); const inference = operation("inference");
${tests}`,
  };
}

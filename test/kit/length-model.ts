/** A tiny model that tests of the suite share: length and half of it, then a decision on the length. */

export const contract = `
[model]
name = "lengths"
version = "1.0.0"
[connector]
node = "connector.ts"
[operations.process]
input = { text = "string" }
output = { length = "int", half = "float64", label = "string?" }
[operations.inference]
after = "process"
input = { text = "string" }
output = { long = "boolean", score = { type = "float64", abs = 1e-6, threshold = 0.5, decides = "long" } }
[suite]
tests = ["tests/**/*.test.ts"]
cases = ["cases/**/*.{jsonl,csv}"]
`;

export const connector = `
import { defineConnector, type Frame } from "tallyml";
type Row = { text: string };
export default defineConnector({
  process(frame: Frame<Row>) {
    return frame.column("text").map((text) => ({ length: [...String(text)].length, half: [...String(text)].length / 2, label: null }));
  },
  inference(frame: Frame<Row>) {
    return frame.column("text").map((text) => {
      const score = 1 / (1 + Math.exp(4 - [...String(text)].length));
      return { long: score >= 0.5, score };
    });
  },
});
`;

/** The files of a project with one test file. */
export function withTests(source: string): Record<string, string> {
  return { "tally.toml": contract, "connector.ts": connector, "tests/a.test.ts": `${imports}\n${source}` };
}

const imports = `import { afterAll, afterEach, approx, beforeAll, beforeEach, describe, expect, it, operation, test } from "tallyml";
const process = operation("process"); const inference = operation("inference");`;

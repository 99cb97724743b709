/**
 * What `import … from "tallyml"` gives inside a connector's process: every name of `src/index.ts` (a test compares them),
 * but the words of test files only say that they are words of test files. Loading the assertion library would add a
 * fifth to the start of every run.
 */
import { AuthorMistake } from "./author-mistake.ts";

export { defineConnector } from "./define-connector.ts";

export const approx: unknown = wordOfTests("approx");
export const expect: unknown = wordOfTests("expect");
export const operation: unknown = wordOfTests("operation");
export const OperationError: unknown = wordOfTests("OperationError");
export const afterAll: unknown = wordOfTests("afterAll");
export const afterEach: unknown = wordOfTests("afterEach");
export const beforeAll: unknown = wordOfTests("beforeAll");
export const beforeEach: unknown = wordOfTests("beforeEach");
export const describe: unknown = wordOfTests("describe");
export const it: unknown = wordOfTests("it");
export const test: unknown = wordOfTests("test");

/** Stands in for a function or an object; whatever is done with it says why it is not there. */
function wordOfTests(name: string): unknown {
  const refuse = (): never => {
    throw new AuthorMistake(`${name} is for test files; a connector defines operations and calls none of them`);
  };
  return new Proxy(refuse, { get: refuse, construct: refuse });
}

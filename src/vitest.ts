/** `tallyml/vitest`: what `tallyml` means where the same test files run under Vitest. */
import { openVitestSession } from "./suite/vitest/vitest-session.ts";

export { approx, type Approx } from "./suite/child/approx.ts";
export { operation, OperationError, type OperationFunction } from "./suite/child/operation.ts";
export { expect } from "./suite/vitest/vitest-expect.ts";
export { afterAll, afterEach, beforeAll, beforeEach, describe, test, test as it } from "./suite/vitest/vitest-tests.ts";
export type { Expect, Expected, TallyMatchers } from "./suite/child/expect.ts";
export type { DescribeApi, EachCall, TestApi, TestCall } from "./suite/child/test-api.ts";
export type { TestFunction, TestOptions } from "./suite/child/test-tree.ts";
export { defineConnector } from "./connector/define-connector.ts";
export * from "./contract/operations.ts";
export type { Frame } from "./connector/frame.ts";
export type { Tolerance } from "./contract/contract.ts";

openVitestSession();

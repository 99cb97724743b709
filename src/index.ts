/** The public face of `tallyml`: what test files and TypeScript connectors import. */
export { approx, type Approx } from "./suite/child/approx.ts";
export { expect, type Expect, type Expected, type TallyMatchers } from "./suite/child/expect.ts";
export { operation, OperationError, type OperationFunction } from "./suite/child/operation.ts";
export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from "./suite/child/test-api.ts";
export type { DescribeApi, EachCall, TestApi, TestCall } from "./suite/child/test-api.ts";
export type { TestFunction, TestOptions } from "./suite/child/test-tree.ts";
export { defineConnector } from "./connector/define-connector.ts";
// As a star: an interface that is exported by name cannot be added to.
export * from "./contract/operations.ts";
export type { Frame } from "./connector/frame.ts";
export type { Tolerance } from "./contract/contract.ts";

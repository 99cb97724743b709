/** The public face of `tallyml`: what suites and connectors import. */
export type { Contract } from "./contract/contract.ts";
export { defineConnector } from "./connector/define-connector.ts";
export type {
  Connector,
  OperationFunction,
  OperationResult,
  OperationTypes,
  TypedConnector,
} from "./connector/define-connector.ts";
export type { Frame } from "./connector/frame.ts";

/** The public face of `tallyml`: what suites and connectors import. */
export type { Contract } from "./contract/contract.ts";

/** What the child process of a test file knows for as long as it lives. */
import type { Operation } from "../../contract/contract.ts";
import type { CallGatherer } from "./gather-calls.ts";

export interface ChildSession {
  /** Declared operations; undefined when the contract declares none. */
  readonly operations: Readonly<Record<string, Operation>> | undefined;
  readonly gatherer: CallGatherer;
  readonly noGather: boolean;
}

let session: ChildSession | undefined;

export function openSession(opened: ChildSession): void {
  session = opened;
}

/** Undefined outside of `tally test`. */
export function currentSession(): ChildSession | undefined {
  return session;
}

import { JsonFault } from "../../src/kernel/json-fault.ts";

/** The fault a reading ends with; undefined when it ends well. Anything else that is thrown stays thrown. */
export function faultOf(read: () => unknown): JsonFault | undefined {
  try {
    read();
  } catch (cause) {
    if (cause instanceof JsonFault) return cause;
    throw cause;
  }
  return undefined;
}

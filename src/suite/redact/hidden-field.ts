/** Whether a record that was written down can be sent again: what is sensitive in it stands there as a hash. */
import type { Operation } from "../../contract/contract.ts";
import { receivedFields } from "../../contract/sensitive-fields.ts";
import { sliceObject } from "../../kernel/slice-json.ts";
import { sensitiveValues } from "./sensitive-record.ts";

const isHash = /^"sensitive:[0-9a-f]{12,32}"$/;

/** The first top-level field of an input whose value is only a hash. */
export function hiddenField(
  operations: Readonly<Record<string, Operation>> | undefined,
  name: string,
  input: string,
): string | undefined {
  const operation = operations?.[name];
  if (operation === undefined) return undefined;
  const fields = receivedFields(operation, operations);
  if (!sensitiveValues(fields, input).some((value) => isHash.test(value))) return undefined;
  for (const [field, value] of sliceObject(input)) if (value.includes('"sensitive:')) return field;
  return undefined;
}

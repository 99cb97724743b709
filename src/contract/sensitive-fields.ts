import type { Field, Fields, FieldType, Operation } from "./contract.ts";

/** Whether a field is sensitive, or anything in it: a member of a struct, an element of a list. */
export function holdsSensitive(field: Field): boolean {
  return field.sensitive || typeHoldsSensitive(field.type);
}

/** The same of a type: its members and elements. */
export function typeHoldsSensitive(type: FieldType): boolean {
  if (type.items !== undefined && typeHoldsSensitive(type.items)) return true;
  return Object.values(type.fields ?? {}).some(holdsSensitive);
}

/** Whether any of these fields is sensitive or holds something that is. */
export function anySensitive(fields: Fields): boolean {
  return Object.values(fields).some(holdsSensitive);
}

/** Whether any operation takes or answers something sensitive. */
export function declaresSensitive(operations: Readonly<Record<string, Operation>> | undefined): boolean {
  return Object.values(operations ?? {}).some(
    ({ input, output }) => anySensitive(output) || (input.kind === "fields" && anySensitive(input.fields)),
  );
}

/**
 * Every field that a record given to an operation may have: its own, those of the stage before, and those of the raw
 * record that the first stage takes. Where a name stands for several, the sensitive one counts.
 */
export function receivedFields(
  operation: Operation,
  operations: Readonly<Record<string, Operation>> | undefined,
): Fields {
  const received: Record<string, Field> = Object.create(null);
  const passed = new Set<Operation>();
  for (let stage: Operation | undefined = operation; stage !== undefined && !passed.has(stage);) {
    passed.add(stage);
    const { input }: Operation = stage;
    const before: Operation | undefined = input.kind === "stage" ? operations?.[input.stage] : undefined;
    for (const [name, field] of Object.entries(input.kind === "fields" ? input.fields : (before?.output ?? {}))) {
      const known = received[name];
      if (known === undefined || (holdsSensitive(field) && !holdsSensitive(known))) received[name] = field;
    }
    stage = before;
  }
  return received;
}

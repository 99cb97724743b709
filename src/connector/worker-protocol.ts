/** What Tally and a connector's worker say to each other (protocol/worker.md), in both directions. */
import type { Contract, Field, Fields, FieldType, TypeKind } from "../contract/contract.ts";
import { inputFields } from "../contract/example-record.ts";

/** The version both sides must speak. */
export const workerProtocol = 1;

/** A field's type on this wire. */
export interface WireType {
  readonly type: TypeKind;
  readonly nullable: boolean;
  readonly values?: readonly string[];
  readonly scale?: number;
  readonly items?: WireType;
  readonly fields?: Readonly<Record<string, WireType>>;
}

/** The types of a record's fields on this wire. */
export type WireFields = Readonly<Record<string, WireType>>;

/** An operation as `hello` states it. */
export interface WireOperation {
  readonly after: string | null;
  readonly input: WireFields;
  readonly output: WireFields;
}

/** Tally's first frame. */
export interface Hello {
  readonly type: "hello";
  readonly protocol: number;
  readonly tally: string;
  readonly model: string | null;
  readonly path: string;
  readonly dtypes: "numpy" | "nullable";
  readonly operations: Readonly<Record<string, WireOperation>> | null;
}

/** The worker's answer to `hello`: the connector is loaded. */
export interface Ready {
  readonly type: "ready";
  readonly protocol: number;
  readonly sdk: string;
  readonly runtime: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly operations: Readonly<Record<string, { readonly after: string | null }>>;
  /** What was odd while it loaded: models pickled by another scikit-learn. */
  readonly notes?: readonly string[];
}

/** The worker's answer to `hello` when the connector could not be loaded. */
export interface Fatal {
  readonly type: "fatal";
  readonly code: string;
  readonly message: string;
  readonly error: string;
  readonly traceback: string;
}

/** The codes a worker's `error` frame may carry. */
export type WorkerErrorCode =
  | "connector-raised"
  | "connector-row-count"
  | "connector-row-order"
  | "connector-type"
  | "connector-operation";

/** The operations of a contract as `hello` states them; null when it declares none. */
export function wireOperations(contract: Contract | undefined): Hello["operations"] {
  if (!contract?.operations) return null;
  return Object.fromEntries(
    Object.entries(contract.operations).map(([name, operation]) => [
      name,
      {
        after: operation.after ?? null,
        input: wireFields(inputFields(contract, operation)),
        output: wireFields(operation.output),
      },
    ]),
  );
}

function wireFields(fields: Fields): WireFields {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, wireType(field.type)]));
}

function wireType(type: FieldType): WireType {
  return {
    type: type.kind,
    nullable: type.nullable,
    ...(type.values && { values: type.values }),
    ...(type.scale !== undefined && { scale: type.scale }),
    ...(type.items && { items: wireType(type.items) }),
    ...(type.fields && { fields: wireFields(type.fields) }),
  };
}

/** The way back: fields whose types are known and of which nothing else matters here. */
export function fieldsFromWire(fields: WireFields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, fieldFromWire(type)]));
}

function fieldFromWire(type: WireType): Field {
  return {
    type: typeFromWire(type),
    tolerance: {},
    signedZero: false,
    normalize: [],
    order: "list",
    sensitive: false,
  };
}

function typeFromWire(type: WireType): FieldType {
  return {
    kind: type.type,
    nullable: type.nullable,
    ...(type.values && { values: type.values }),
    ...(type.scale !== undefined && { scale: type.scale }),
    ...(type.items && { items: typeFromWire(type.items) }),
    ...(type.fields && { fields: fieldsFromWire(type.fields) }),
  };
}

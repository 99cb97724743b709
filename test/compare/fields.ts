import type { Field, FieldType, Fields, TypeKind } from "../../src/contract/contract.ts";

/** A field as the contract would have it, with the defaults filled in. */
export function field(type: TypeKind | Partial<FieldType>, rules: Partial<Field> = {}): Field {
  return {
    tolerance: {},
    signedZero: false,
    normalize: [],
    order: "list",
    sensitive: false,
    ...rules,
    type: typeOf(type),
  };
}

/** A type; not nullable unless it says so. */
export function typeOf(type: TypeKind | Partial<FieldType>): FieldType {
  return typeof type === "string" ? { kind: type, nullable: false } : { kind: "json", nullable: false, ...type };
}

/** A list of a type. */
export function listOf(type: TypeKind | Partial<FieldType>): FieldType {
  return { kind: "list", nullable: false, items: typeOf(type) };
}

/** A struct. */
export function structOf(fields: Fields): FieldType {
  return { kind: "struct", nullable: false, fields };
}

/** The fields of most examples. */
export const sqli: Fields = {
  is_injection: field("boolean"),
  score: field("float64", { tolerance: { abs: 1e-6 }, threshold: 0.5, decides: "is_injection" }),
};

import type { FieldType, TypeKind } from "./contract.ts";

const scalars =
  "boolean int int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 decimal string bytes timestamp date category json";

/** The names of the types, in the order of the reference page. */
export const typeNames: readonly string[] = [...scalars.split(" "), "list", "struct"];

const kinds: ReadonlySet<string> = new Set(typeNames);

function isKind(text: string): text is TypeKind {
  return kinds.has(text);
}

/** A type as text, or what is wrong with the text. `list` and `struct` come without their contents. */
export type ParsedType = { readonly type: FieldType } | { readonly unknown: string };

/** Reads a type: a name, `T?`, `list<T>`. At most 16 lists deep. */
export function parseType(text: string): ParsedType {
  return parseDeep(text.trim(), 0);
}

function parseDeep(text: string, depth: number): ParsedType {
  const nullable = text.endsWith("?");
  const bare = nullable ? text.slice(0, -1).trimEnd() : text;
  if (bare.startsWith("list<") && bare.endsWith(">") && depth < 16) {
    const items = parseDeep(bare.slice(5, -1).trim(), depth + 1);
    return "type" in items ? { type: { kind: "list", nullable, items: items.type } } : items;
  }
  return isKind(bare) ? { type: { kind: bare, nullable } } : { unknown: bare };
}

/** Integer types with the smallest and largest value; `int` is what a double holds exactly. */
export const integerRanges: Readonly<Partial<Record<TypeKind, readonly [bigint, bigint]>>> = {
  int: [-(2n ** 53n - 1n), 2n ** 53n - 1n],
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** Whether a type is one of the integers. */
export function isInteger(kind: TypeKind): boolean {
  return integerRanges[kind] !== undefined;
}

/** Whether a type is a binary floating-point number. */
export function isFloat(kind: TypeKind): boolean {
  return kind === "float32" || kind === "float64";
}

/** The type as it would be written: `list<float64?>`, `struct`. */
export function typeText(type: FieldType): string {
  const inner =
    type.kind === "list" && type.items !== undefined && !holdsTable(type.items) ? `<${typeText(type.items)}>` : "";
  return `${type.kind}${inner}${type.nullable ? "?" : ""}`;
}

/** Whether a type can only be written as a table. */
function holdsTable(type: FieldType): boolean {
  if (type.kind === "struct" || type.values !== undefined || type.scale !== undefined) return true;
  return type.kind === "list" && (type.items === undefined || holdsTable(type.items));
}

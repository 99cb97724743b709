/** What may stand in the table of one field. Which keys fit which type is checked in `read-field.ts`. */
import type { Key, Shape, ShapeName } from "./shape.ts";

const distance = "a finite number of at least 0";
const fieldNames = { pattern: "^[^$]", what: "a field name (not empty, not beginning with $)" };

const typeKey: Key = {
  name: "type",
  doc: "The type. A ? at the end allows null (not absence); `list<T>` is a list.",
  shape: { is: "type" },
  required: true,
  example: '"float64?"',
};

const typeKeys: readonly Key[] = [
  {
    name: "fields",
    doc: "Of a struct: its fields.",
    shape: { is: "map", names: fieldNames, of: { is: "ref", to: "field" } },
    example: '{ label = "string", score = "float64" }',
  },
  {
    name: "items",
    doc: 'Of a list: the type of its elements, for what `list<T>` cannot say. Needs `type = "list"`.',
    shape: { is: "ref", to: "element" },
    example: '{ type = "struct", fields = { label = "string" } }',
  },
  {
    name: "values",
    doc: "Of a category: the values it may take, in their order. Without them any string may come.",
    shape: { is: "list", min: 1, of: { is: "text", what: "a category value", pattern: "" } },
    example: '["low", "high"]',
  },
  {
    name: "scale",
    doc: "Of a decimal: digits after the point.",
    shape: { is: "integer", min: 0, max: 100 },
    example: "2",
  },
];

const judgedKeys: readonly Key[] = [
  {
    name: "abs",
    doc: 'Absolute tolerance: |candidate − reference| ≤ abs + rel·|reference|. Of a timestamp a duration ("1ms").',
    shape: {
      is: "either",
      scalar: { is: "number", what: distance, min: 0 },
      other: { is: "duration" },
    },
    example: "1e-6",
  },
  {
    name: "rel",
    doc: "Relative tolerance, as a part of the reference's magnitude.",
    shape: { is: "number", what: distance, min: 0 },
    default: "1e-9 for float64 and json without any tolerance key",
    example: "1e-9",
  },
  {
    name: "ulp",
    doc: "Representable numbers of the declared float type that may lie between the two values.",
    shape: { is: "integer", min: 0, max: 2 ** 31 },
    default: "4 for float32 without any tolerance key",
    example: "4",
  },
  { name: "exact", doc: "true turns the default tolerance off.", shape: { is: "boolean" }, default: "false" },
  { name: "signed_zero", doc: "true: −0 and 0 differ.", shape: { is: "boolean" }, default: "false" },
  {
    name: "threshold",
    doc: "Where this score flips the label named by decides.",
    shape: { is: "number", what: "a finite number" },
    example: "0.5",
  },
  {
    name: "decides",
    doc: "The output field of the same operation (boolean, category or integer) that the threshold decides.",
    shape: { is: "text", what: "the name of a field" },
    example: '"is_injection"',
  },
  {
    name: "near_tie",
    doc: "Half-width around the threshold in which a flipped label is a near-tie and passes, counted and listed.",
    shape: { is: "number", what: distance, min: 0 },
    default: "the score's tolerance",
    example: "1e-6",
  },
  {
    name: "normalize",
    doc: "What is done to both texts before they are compared; always reported.",
    shape: { is: "list", of: { is: "choice", of: ["nfc", "trim", "case"] } },
    default: "[]",
    example: '["nfc", "trim"]',
  },
  {
    name: "order",
    doc: "How lists are compared: in order, as a multiset (each element as often), or as a set.",
    shape: { is: "choice", of: ["list", "set", "multiset"] },
    default: '"list"',
  },
  { name: "doc", doc: "What the field means, for people.", shape: { is: "text", what: "a text" } },
  { name: "unit", doc: "The unit, for people.", shape: { is: "text", what: "a text" }, example: '"bit"' },
  {
    name: "sensitive",
    doc: "true: reports, events, kept cases and logs show only a keyed hash of the value.",
    shape: { is: "boolean" },
    default: "false",
  },
];

/** Every key of a field's table. */
export const fieldKeys: readonly Key[] = [typeKey, ...typeKeys, ...judgedKeys];
/** Every key of the type of a list's elements: a tolerance stands at the list. */
export const elementKeys: readonly Key[] = [typeKey, ...typeKeys];

/** The shapes that contain themselves. */
export const namedShapes: Readonly<Record<ShapeName, Shape>> = {
  field: { is: "either", scalar: { is: "type" }, other: { is: "table", keys: fieldKeys } },
  element: { is: "either", scalar: { is: "type" }, other: { is: "table", keys: elementKeys } },
};

/** The fields of an operation's input or output. */
export const fieldsShape: Shape = { is: "map", names: fieldNames, of: { is: "ref", to: "field" } };

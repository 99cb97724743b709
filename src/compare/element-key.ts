import type { Json } from "../kernel/json-value.ts";
import type { Comparison, Place } from "./comparison.ts";
import { readDecimal, readInteger } from "./read-number.ts";
import { normalizeText } from "./text.ts";
import { parseTimestamp } from "./timestamp.ts";
import { explicitTolerance } from "./tolerance.ts";
import { valueText } from "./value-text.ts";

/** A text that equal elements share. `decisive`: elements with other keys differ, so nothing needs to be compared. */
export interface ElementKey {
  readonly text: string;
  readonly decisive: boolean;
}

/** The key of an element of an unordered list. */
export function elementKey(place: Place, value: Json, comparison: Comparison): ElementKey {
  const exact = value === null ? "null" : exactKey(place, value, comparison);
  return exact === undefined ? { text: valueText(value), decisive: false } : { text: exact, decisive: true };
}

function exactKey(place: Place, value: Json, comparison: Comparison): string | undefined {
  const { kind } = place.type;
  switch (kind) {
    case "boolean":
      return String(value === true);
    case "string":
    case "category":
      return typeof value === "string" ? JSON.stringify(normalizeText(value, place.field.normalize)) : undefined;
    case "bytes":
    case "date":
      return valueText(value);
    case "timestamp":
      return timestampKey(place, value);
    case "float32":
    case "float64":
    case "list":
    case "struct":
    case "json":
      return undefined;
    case "decimal":
      return explicitTolerance(place, comparison) ? undefined : decimalKey(place, value);
    default:
      return explicitTolerance(place, comparison) ? undefined : readInteger(kind, value)?.toString();
  }
}

function timestampKey(place: Place, value: Json): string | undefined {
  const instant = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (!instant || (place.given ?? place.field.tolerance).abs !== undefined) return undefined;
  return `${instant.second}.${instant.fraction} ${instant.aware} ${instant.leap}`;
}

function decimalKey(place: Place, value: Json): string | undefined {
  const decimal = readDecimal(value, place.type.scale);
  return decimal && `${decimal.negative ? "-" : ""}${decimal.digits}e${decimal.exponent}`;
}

import { format } from "node:util";

/**
 * The name of one row of `test.each`: `%s %d %i %f %j %o` take the row's values in turn, `%#` is its index (from 0),
 * `%$` its number (from 1), `%%` a percent sign, and `$field` or `$a.b` a field of a row that is an object.
 */
export function eachTitle(template: string, row: unknown, index: number): string {
  const values = Array.isArray(row) ? row : [row];
  let next = 0;
  const filled = template.replaceAll(/%[sdifjo#$%]/g, (placeholder) => {
    if (placeholder === "%#") return String(index);
    if (placeholder === "%$") return String(index + 1);
    if (placeholder === "%%") return "%";
    if (next >= values.length) return placeholder;
    next += 1;
    return format(placeholder, values[next - 1]);
  });
  if (typeof row !== "object" || row === null || Array.isArray(row)) return filled;
  return filled.replaceAll(/\$([A-Za-z_][\w.]*)/g, (placeholder, path: string) => {
    const value = path.split(".").reduce<unknown>((at, key) => memberOf(at, key), row);
    return value === undefined ? placeholder : typeof value === "string" ? value : format("%j", value);
  });
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

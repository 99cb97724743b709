/** JSON of others (manifests, configuration of Docker, answers of a registry) as tables whose values are not trusted. */

export type Table = Readonly<Record<string, unknown>>;

/** The object in a JSON text; undefined when it is none. */
export function parseTable(text: string): Table | undefined {
  const value = parseJson(text);
  return isTable(value) ? value : undefined;
}

/** The value in a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a table; an empty one where it is none. */
export function tableOf(value: unknown): Table {
  return isTable(value) ? value : {};
}

/** The table at a key; an empty one where there is none. */
export function tableAt(table: Table, key: string): Table {
  return tableOf(Object.hasOwn(table, key) ? table[key] : undefined);
}

/** A text that is not empty. */
export function stringAt(table: Table, key: string): string | undefined {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

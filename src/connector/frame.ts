import { AuthorMistake } from "./author-mistake.ts";

/** The records an operation is given: rows and columns of the same values, whichever the author likes better. */
export interface Frame<Row = Readonly<Record<string, unknown>>> extends Iterable<Row> {
  readonly length: number;
  /** The names of the fields, in the order in which they first occur. */
  readonly columns: readonly string[];
  /** The record at a place. @throws AuthorMistake beyond the end */
  row(i: number): Row;
  /** The values of a field, one for each record; undefined where a record lacks it. */
  column<Name extends keyof Row & string>(name: Name): readonly Row[Name][];
}

/** A frame over decoded records. */
export function frameOf<Row extends object>(rows: readonly Row[]): Frame<Row> {
  return new RowFrame(rows);
}

class RowFrame<Row extends object> implements Frame<Row> {
  readonly #rows: readonly Row[];
  #columns: readonly string[] | undefined;

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.length;
  }

  get columns(): readonly string[] {
    if (this.#columns === undefined) {
      const names = new Set<string>();
      for (const row of this.#rows) for (const name of Object.keys(row)) names.add(name);
      this.#columns = [...names];
    }
    return this.#columns;
  }

  row(i: number): Row {
    const row = this.#rows[i];
    if (row === undefined) throw new AuthorMistake(`There is no row ${i} in a frame of ${this.#rows.length}.`);
    return row;
  }

  column<Name extends keyof Row & string>(name: Name): readonly Row[Name][] {
    return this.#rows.map((row) => row[name]);
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.#rows[Symbol.iterator]();
  }
}

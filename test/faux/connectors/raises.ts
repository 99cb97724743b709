type Row = { query: string };

function parse(query: string): number {
  if (query === "bad") throw new TypeError("cannot parse 'bad'");
  return query.length;
}

/** Raises for one record; whoever is in a batch with it must not suffer. */
export default {
  process: (frame: Iterable<Row>) => [...frame].map((row) => ({ length: parse(row.query) })),
  async later(frame: Iterable<Row>) {
    await Promise.resolve();
    return [...frame].map((row) => ({ length: parse(row.query) }));
  },
  async uncaught(frame: Iterable<Row>) {
    for (const row of frame) setTimeout(() => parse(row.query), 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    return [...frame].map((row) => ({ length: row.query.length }));
  },
};

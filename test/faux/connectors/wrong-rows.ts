type Row = { query: string };

export default {
  drops: (frame: Iterable<Row>) => [...frame].filter((row) => row.query !== "bad").map(() => ({ ok: true })),
  endless: function* () {
    for (;;) yield { ok: true };
  },
  nothing: () => undefined,
  text: () => "rows",
  values: (frame: Iterable<Row>) => ({ model: [...frame].map(() => new Map([["a", 1]])) }),
  shortColumn: () => ({ a: [1, 2], b: [1] }),
  noRows: (frame: Iterable<Row>) => [...frame].map(() => 3),
};

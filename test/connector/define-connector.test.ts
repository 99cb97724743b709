import { expect, expectTypeOf, test } from "vitest";
import { defineConnector, type Frame } from "../../src/index.ts";
import { frameOf } from "../../src/connector/frame.ts";

interface Operations {
  process: { input: { query: string }; output: { length: number } };
}

test("a frame shows the same values as rows and as columns", () => {
  const frame = frameOf([{ a: 1, b: "x" }, { a: 2 }]);
  expect(frame).toHaveLength(2);
  expect(frame.columns).toEqual(["a", "b"]);
  expect(frame.row(1)).toEqual({ a: 2 });
  expect(frame.column("a")).toEqual([1, 2]);
  expect([...frame]).toEqual([{ a: 1, b: "x" }, { a: 2 }]);
  expect(() => frame.row(2)).toThrow("There is no row 2 in a frame of 2.");
});

test("without types an operation gets unknown values under any name", () => {
  const connector = defineConnector({
    name: "model",
    after: { inference: "process" },
    setup() {},
    process(frame) {
      expectTypeOf(frame.column("query")).toEqualTypeOf<readonly unknown[]>();
      return { length: new Float64Array(frame.length) };
    },
    async inference(frame) {
      return [...frame].map((row) => ({ known: "query" in row }));
    },
    *generated(frame) {
      for (const row of frame) yield { row };
    },
  });
  expect(Object.keys(connector)).toEqual(["name", "after", "setup", "process", "inference", "generated"]);
});

test("with the contract's types, input and output are checked", () => {
  defineConnector<Operations>({
    process(frame) {
      expectTypeOf(frame).toEqualTypeOf<Frame<{ query: string }>>();
      return { length: frame.column("query").map((query) => query.length) };
    },
  });
  defineConnector<Operations>({
    // @ts-expect-error The contract calls it length.
    process: (frame) => [...frame].map((row) => ({ size: row.query.length })),
  });
});

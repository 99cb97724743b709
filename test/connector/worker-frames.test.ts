import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FrameReader, frameBytes, maxFrameBytes } from "../../src/connector/worker-frames.ts";

test("frames come out whole and in order, however the pipe cuts them", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.array(fc.nat(20)), (texts, cuts) => {
      const bytes = Buffer.concat(texts.map(frameBytes));
      const reader = new FrameReader();
      const read: string[] = [];
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        read.push(...(reader.push(bytes.subarray(at, at + cut)) ?? []));
        at += cut;
      }
      expect(read).toEqual(texts);
      expect(reader.partial).toBeUndefined();
    }),
  );
});

test("what is missing of a frame is known", () => {
  const reader = new FrameReader();
  expect(reader.push(Buffer.from([1, 0]))).toEqual([]);
  expect(reader.partial).toEqual({ wanted: 4, got: 2 });
  reader.push(Buffer.from([0, 0]));
  expect(reader.partial).toEqual({ wanted: 1, got: 0 });
});

test("a length beyond the limit is no frame", () => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(maxFrameBytes + 1);
  expect(new FrameReader().push(length)).toBeUndefined();
});

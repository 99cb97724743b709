import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("without Node's Buffer, as in a browser, texts are read the same", async () => {
  vi.stubGlobal("Buffer", undefined);
  vi.resetModules();
  const { readJson } = await import("../../src/kernel/read-json.ts");
  const { sliceRecords } = await import("../../src/kernel/slice-json.ts");
  const list = Array.from({ length: 30_000 }, (_, id) => ({ id, text: `\u00e9\u{1f600} ${id}` }));
  const text = JSON.stringify(list);
  expect(text.length).toBeGreaterThan(1 << 18);
  expect(JSON.stringify(readJson(text))).toBe(text);
  expect(sliceRecords('[1.50,{"a":"\u20ac"}]').records).toEqual(["1.50", '{"a":"\u20ac"}']);
});

import { expect, test } from "vitest";
import { ExchangeLog } from "../../src/suite/child/exchange-log.ts";

const one = { operation: "process", input: "{}", batch: 1, asked: "test", ms: 1 } as const;

test("of many large answers the last 16 million characters are kept, and those of mismatches", () => {
  const log = new ExchangeLog();
  const answer = "x".repeat(1024 * 1024);
  const named = [{ path: "a", kind: "value", operation: "process", exchange: 2 }] as const;
  for (let n = 0; n < 100; n++) {
    log.trim(named);
    log.add({ ...one, answer });
  }
  const kept = log.list.map(({ n }) => n);
  expect(kept[0]).toBe(2);
  expect(kept.at(-1)).toBe(100);
  expect(kept.length).toBeLessThanOrEqual(33);
});

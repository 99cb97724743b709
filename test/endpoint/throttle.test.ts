import { expect, test } from "vitest";
import { RetryBudget, retryDelayMs } from "../../src/endpoint/retry-policy.ts";
import { Throttle } from "../../src/endpoint/throttle.ts";

test("as many calls go as allowed, the next one when one is done", async () => {
  const throttle = new Throttle(3);
  let entered = 0;
  for (let n = 0; n < 5; n++) void throttle.enter().then(() => entered++);
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toBe(3);
  throttle.leave(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toBe(4);
});

test("a refusal halves what is allowed, once for all calls that were under way together", async () => {
  const throttle = new Throttle(8);
  await Promise.all(Array.from({ length: 8 }, () => throttle.enter()));
  for (let n = 0; n < 8; n++) throttle.slowDown(20);
  for (let n = 0; n < 8; n++) throttle.leave(false);
  let entered = 0;
  for (let n = 0; n < 8; n++) void throttle.enter().then(() => entered++);
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(entered).toBe(4);
});

test("after a pause half as many go, and one more for every round that is answered", async () => {
  const throttle = new Throttle(4);
  throttle.slowDown(20);
  const entered: number[] = [];
  for (let n = 0; n < 8; n++) void throttle.enter().then(() => entered.push(n));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(entered).toEqual([0, 1]);
  throttle.leave(true);
  throttle.leave(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toEqual([0, 1, 2, 3]);
  throttle.leave(true);
  throttle.leave(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test("a cancelled call leaves the queue", async () => {
  const throttle = new Throttle(1);
  await throttle.enter();
  const controller = new AbortController();
  const waiting = throttle.enter(controller.signal);
  controller.abort();
  expect(await waiting).toBe(false);
  throttle.leave(true);
  expect(await throttle.enter()).toBe(true);
});

test("retries come later and later, never beyond 5 s, and anywhere below", () => {
  expect([1, 2, 3, 4, 10].map((attempt) => retryDelayMs(attempt, () => 1))).toEqual([100, 200, 400, 800, 5_000]);
  expect(retryDelayMs(3, () => 0)).toBe(0);
});

test("retries are at most one in ten calls, besides the first ten", () => {
  const budget = new RetryBudget();
  for (let n = 0; n < 100; n++) budget.countCall();
  const taken = Array.from({ length: 50 }, () => budget.take()).filter(Boolean);
  expect([taken.length, budget.retries]).toEqual([20, 20]);
});

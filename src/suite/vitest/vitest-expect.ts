/** `expect` of Vitest that knows which of several concurrent tests it stands in: soft failures and counts go to the right one. */
import { AsyncLocalStorage } from "node:async_hooks";
import { expect as outside, type ExpectStatic } from "vitest";
import type { Expect } from "../child/expect.ts";

const storage = new AsyncLocalStorage<ExpectStatic>();

/** Runs a function with the `expect` of its test. */
export function withExpect<T>(own: ExpectStatic, run: () => T): T {
  return storage.run(own, run);
}

const here = (): ExpectStatic => storage.getStore() ?? outside;

// Vitest's interface is the one that tests are written against, with matchers of its own on top.
export const expect = new Proxy(outside, {
  apply: (_, self, values) => Reflect.apply(here(), self, values),
  get: (_, name) => Reflect.get(here(), name),
}) as unknown as Expect;

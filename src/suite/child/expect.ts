/** `expect` of @vitest/expect, with `toTally` and with the running test found by itself. */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  ChaiStyleAssertions,
  type ExpectStatic,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  getState,
  setState,
  addCustomEqualityTesters,
  customMatchers,
  type Tester,
} from "@vitest/expect";
import type { Tolerance } from "../../contract/contract.ts";
import { tallyError } from "../../kernel/errors.ts";
import { currentTest, type RunningTest } from "./current-test.ts";
import { toTally } from "./to-tally.ts";

/** What Tally adds to the matchers of @vitest/expect. */
export interface TallyMatchers<R = unknown, T = unknown> {
  /**
   * The fields named agree by the contract; `approx` and asymmetric matchers may stand in for values.
   * A list of answers is compared with a list of expectations.
   */
  toTally(
    expected: T extends readonly (infer Row)[] ? readonly Expected<Row>[] : Expected<T>,
    tolerance?: Tolerance,
  ): R;
}

/** Some fields of a record, each a value or something that matches one. */
export type Expected<T> = T extends object ? { readonly [Key in keyof T]?: unknown } : unknown;

declare module "@vitest/expect" {
  // oxlint-disable-next-line typescript/no-empty-interface -- an augmentation adds members by inheritance
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends TallyMatchers<R, T> {}
}

/** `expect(value)` and what hangs on it. */
export interface Expect extends ExpectStatic {
  /** A failure is noted and the test goes on. */
  soft: ExpectStatic;
  /** The test must make exactly this many assertions. */
  assertions: (count: number) => void;
  hasAssertions: () => void;
  addEqualityTesters: (testers: readonly Tester[]) => void;
  unreachable: (message?: string) => never;
}

function running(what: string): RunningTest {
  const test = currentTest();
  if (test === undefined) throw tallyError("suite-outside", { what });
  return test;
}

function makeExpect(): Expect {
  chai.use(JestExtend);
  chai.use(JestChaiExpect);
  chai.use(ChaiStyleAssertions);
  chai.use(JestAsymmetricMatchers);
  // What is built here member by member becomes the interface only at the end.
  const made = ((value: unknown, message?: string) => {
    const test = currentTest();
    if (test) test.assertions += 1;
    const assertion = chai.expect(value, message);
    return test ? Reflect.apply(Reflect.get(assertion, "withTest"), assertion, [test.task]) : assertion;
  }) as Expect;
  Object.assign(made, chai.expect);
  Object.assign(made, Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT));
  made.getState = () => getState(made);
  made.setState = (state) => setState(state, made);
  made.soft = Object.assign((value: unknown, message?: string) => {
    const assertion = made(value, message);
    return Reflect.apply(Reflect.get(assertion, "withContext"), assertion, [{ soft: true }]);
  }, made) as ExpectStatic;
  made.extend = (matchers) => Reflect.apply(Reflect.get(chai.expect, "extend"), chai.expect, [made, matchers]);
  made.addEqualityTesters = (testers) => addCustomEqualityTesters([...testers]);
  made.assertions = (count) => {
    running("expect.assertions()").expectedAssertions = count;
  };
  made.hasAssertions = () => {
    running("expect.hasAssertions()").wantsAssertions = true;
  };
  made.unreachable = (message) => chai.assert.fail(message ?? "expected not to be reached");
  Reflect.set(globalThis, GLOBAL_EXPECT, made);
  setState(
    {
      assertionCalls: 0,
      isExpectingAssertions: false,
      isExpectingAssertionsError: null,
      expectedAssertionsNumber: null,
      expectedAssertionsNumberErrorGen: null,
    },
    made,
  );
  made.extend(customMatchers);
  made.extend({ toTally });
  return made;
}

/**
 * All matchers of @vitest/expect (they are those of Jest), and `toTally`.
 *
 * @example
 * ```ts
 * import { expect } from "tallyml";
 * expect([1, 2, 3]).toContain(2);
 * ```
 */
export const expect: Expect = makeExpect();

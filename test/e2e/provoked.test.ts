/** The catalogue and the tables of provocations hold each other to account. */
import { expect, test } from "vitest";
import { catalogue, type ErrorCode, type ExitCode } from "../../src/kernel/errors.ts";
import { strongestExit } from "../../src/verdict/exit-code.ts";
import { provocations } from "./provocations/all.ts";

/** Where it takes more than a command: `out-mounted` needs a container (test/image). */
const elsewhere: ReadonlySet<string> = new Set(["out-mounted"]);

const codes = Object.keys(catalogue);
const exitOf = new Map<string, ExitCode>(Object.entries(catalogue).map(([code, { exit }]) => [code, exit]));

test("every code of the catalogue is provoked through the real command line", () => {
  const provoked = new Set<string>(provocations.flatMap((one) => one.codes));
  expect(codes.filter((code) => !provoked.has(code) && !elsewhere.has(code))).toEqual([]);
});

test("every provocation ends with the exit code of its errors", () => {
  const wrong = provocations.filter(({ codes: said, exit, signal }) => {
    const promised = said.map((code: ErrorCode) => exitOf.get(code) ?? 0);
    return strongestExit(signal === undefined ? promised : [...promised, signal]) !== exit;
  });
  expect(wrong.map(({ codes: said, exit, fact }) => `${fact}: ${said.join(", ")} ends with ${exit}`)).toEqual([]);
});

test("every provocation has a name of its own", () => {
  const facts = provocations.map(({ fact }) => fact);
  expect(facts.filter((fact, i) => facts.indexOf(fact) !== i)).toEqual([]);
});

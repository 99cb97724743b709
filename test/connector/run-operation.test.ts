import { expect, test } from "vitest";
import { runOperation } from "../../src/connector/run-operation.ts";
import type { LoadedConnector } from "../../src/connector/load-connector.ts";
import { encodeRecord } from "../../src/record/encode-record.ts";
import { withTests } from "../kit/length-model.ts";
import { tell } from "../kit/events.ts";
import { project } from "../kit/project.ts";

function circle(): object {
  const around: Record<string, unknown> = { a: 1 };
  // Two ways around: whoever follows both never comes to an end.
  around["left"] = around;
  around["right"] = [around, around];
  return around;
}

const refusing = new Proxy(
  {},
  {
    ownKeys() {
      throw new TypeError("no keys for you");
    },
  },
);

const odd: readonly [string, object[]][] = [
  ["a circle", [{ value: circle() }]],
  ["a circle as a record", [circle()]],
  ["a proxy that throws", [refusing]],
  ["a proxy within", [{ value: { deep: refusing } }]],
  [
    "a getter that throws",
    [
      {
        fine: 1,
        get value() {
          throw new RangeError("not today");
        },
      },
    ],
  ],
  ["a date that is none", [{ value: new Date(Number.NaN) }]],
  ["a revoked list", revoked()],
];

function revoked(): object[] {
  return new Proxy([{ value: 1 }], {
    get(target, key) {
      if (key === "length") throw new TypeError("no length");
      return Reflect.get(target, key);
    },
  });
}

test("what cannot be read is of a wrong type, and says where", async () => {
  const said: string[] = [];
  for (const [name, result] of odd) {
    const connector: LoadedConnector = {
      name: null,
      version: null,
      operations: new Map([["process", { after: null, run: () => result }]]),
      close: () => Promise.resolve(),
    };
    const outcome = await runOperation(connector, "process", { input: undefined, output: undefined }, "[{}]");
    said.push(`${name}: ${outcome.kind === "error" ? `${outcome.code}: ${outcome.message}` : outcome.kind}`);
  }
  expect(said.join("\n")).toMatchInlineSnapshot(`
    "a circle: connector-type: field value of row 0 is circular, or more than 126 lists and objects within each other, not a value that JSON can carry
    a circle as a record: connector-type: field left of row 0 is circular, or more than 126 lists and objects within each other, not a value that JSON can carry
    a proxy that throws: connector-type: row 0 is unreadable (no keys for you), not a value that JSON can carry
    a proxy within: connector-type: field value.deep of row 0 is unreadable (no keys for you), not a value that JSON can carry
    a getter that throws: connector-type: field value of row 0 is unreadable (not today), not a value that JSON can carry
    a date that is none: connector-type: field value of row 0 is unreadable (Invalid time value), not a value that JSON can carry
    a revoked list: connector-type: the rows cannot be read (no length)"
  `);
});

test("126 objects within each other are written, 127 are not", () => {
  const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
  const issues: string[] = [];
  expect(encodeRecord(undefined, nested(126), ({ found }) => issues.push(found))).toMatch(/^(\{"a":){125}\{\}\}{125}$/);
  encodeRecord(undefined, nested(127), ({ path, found }) => issues.push(`${path}: ${found}`));
  expect(issues).toEqual(["a: circular, or more than 126 lists and objects within each other"]);
});

test("a circular record in a test is refused before anything is sent", async () => {
  const made = project(
    withTests(`test("circle", async () => { const text: any = {}; text.text = text; await process(text); });`),
  );
  const { judged } = await tell(made);
  expect(judged[0]?.failures[0]?.message ?? judged[0]?.fault?.message).toMatchInlineSnapshot(`
    "error[input-type]: process: input text is an object (Object); the contract says string.
    hint: Change the test's input or the type in tally.toml."
  `);
});

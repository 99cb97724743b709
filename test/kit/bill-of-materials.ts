/**
 * The rules of CycloneDX 1.6 that a bill of Tally's could break, as a JSON Schema in our own words: whole objects, no key that CycloneDX does not
 * have there, a licence that is an identifier of SPDX, words, or one expression alone.
 */
import { Ajv } from "ajv";
import { expect } from "vitest";
import { licenceIds } from "../../src/pack/spdx-list.ts";

export interface BillComponent {
  readonly type: string;
  readonly "bom-ref"?: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly licenses?: readonly object[];
  readonly hashes?: readonly object[];
  readonly components?: readonly BillComponent[];
}

export interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: BillComponent; readonly timestamp: string };
  readonly components: readonly BillComponent[];
}

const text = { type: "string", pattern: String.raw`\S` };
const closed = (properties: object, required: readonly string[]): object => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const licence = {
  oneOf: [closed({ id: { enum: [...licenceIds] } }, ["id"]), closed({ name: text }, ["name"])],
};
const component = closed(
  {
    type: { enum: ["application", "library", "platform", "container"] },
    "bom-ref": text,
    name: text,
    version: text,
    purl: { type: "string", pattern: "^pkg:[a-z]+/\\S+$" },
    licenses: {
      anyOf: [
        { type: "array", items: closed({ license: licence }, ["license"]) },
        { type: "array", items: closed({ expression: text }, ["expression"]), minItems: 1, maxItems: 1 },
      ],
    },
    hashes: {
      type: "array",
      items: closed({ alg: { const: "SHA-256" }, content: { type: "string", pattern: "^[0-9a-f]{64}$" } }, [
        "alg",
        "content",
      ]),
    },
    components: { type: "array", items: { $ref: "#/definitions/component" } },
  },
  ["type", "name"],
);
const schema = {
  definitions: { component },
  ...closed(
    {
      bomFormat: { const: "CycloneDX" },
      specVersion: { const: "1.6" },
      serialNumber: {
        type: "string",
        pattern: "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
      },
      version: { type: "integer", minimum: 1 },
      metadata: closed(
        {
          timestamp: { type: "string", pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$` },
          tools: closed({ components: { type: "array", items: { $ref: "#/definitions/component" } } }, ["components"]),
          component: { $ref: "#/definitions/component" },
        },
        ["timestamp", "component"],
      ),
      components: { type: "array", items: { $ref: "#/definitions/component" } },
    },
    ["bomFormat", "specVersion"],
  ),
};
const validate = new Ajv({ allErrors: true }).compile<Bill>(schema);

/** Reads a bill; one that CycloneDX would refuse fails the test. */
export function readBill(json: string): Bill {
  const bill: unknown = JSON.parse(json);
  if (!validate(bill)) return expect.fail(JSON.stringify(validate.errors));
  const names = [bill.metadata.component, ...bill.components].flatMap(references);
  expect(names).toEqual([...new Set(names)]);
  return bill;
}

function references({ "bom-ref": own, components = [] }: BillComponent): string[] {
  return [...(own === undefined ? [] : [own]), ...components.flatMap(references)];
}

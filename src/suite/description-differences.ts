/** Where an endpoint's own description and the contract part: said before any value is compared, since each is the cause of many. */
import type { Contract, Fields } from "../contract/contract.ts";
import { inputFields } from "../contract/example-record.ts";
import { parseType, typeText } from "../contract/type-grammar.ts";
import type { Description, DescribedFields } from "../endpoint/endpoint.ts";
import type { DescriptionDifference } from "../verdict/run-event.ts";

/** Empty when the endpoint describes nothing, or nothing else. What the description leaves out is no difference. */
export function descriptionDifferences(
  contract: Contract,
  described: Description | undefined,
): DescriptionDifference[] {
  const known = described?.operations;
  if (known === undefined) return [];
  return Object.values(contract.operations ?? {}).flatMap((operation): DescriptionDifference[] => {
    const { name, output } = operation;
    if (!known.includes(name)) return [{ operation: name, contract: "an operation", endpoint: "not there" }];
    const said = described?.fields?.[name];
    return [
      ...(said?.input ? compareFields(name, "input", inputFields(contract, operation), said.input) : []),
      ...(said?.output ? compareFields(name, "output", output, said.output) : []),
    ];
  });
}

function compareFields(
  operation: string,
  side: "input" | "output",
  declared: Fields,
  said: DescribedFields,
): DescriptionDifference[] {
  const names = new Set([...Object.keys(declared), ...Object.keys(said)]);
  return [...names].flatMap((field): DescriptionDifference[] => {
    const own = Object.hasOwn(declared, field) ? declared[field] : undefined;
    const other = Object.hasOwn(said, field) ? said[field] : undefined;
    const contract = own === undefined ? "not there" : typeText(own.type);
    const endpoint = other === undefined ? "not there" : plain(other);
    const isSame = own !== undefined && other !== undefined && (endpoint === undefined || endpoint === contract);
    return isSame ? [] : [{ operation, side, field, contract, endpoint: endpoint ?? "there" }];
  });
}

/** As the contract would write it; undefined for a name that is none of ours, which says nothing. */
function plain(text: string): string | undefined {
  const parsed = parseType(text);
  return "type" in parsed ? typeText(parsed.type) : undefined;
}

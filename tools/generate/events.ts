/** Writes the reference page of the event stream from `schema/events.schema.json`. */
import { readFileSync } from "node:fs";

interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The generated files: path from the repository's root, and content. */
export function generateEvents(): { path: string; text: string }[] {
  const schema: Schema = JSON.parse(readFileSync(new URL("../../schema/events.schema.json", import.meta.url), "utf8"));
  const events = (schema.oneOf ?? []).map(({ $ref = "" }) => nameOf($ref));
  const parts = Object.keys(schema.$defs ?? {}).filter((name) => !events.includes(name));
  const sections = [...events, ...parts].map((name) => section(name, schema.$defs?.[name] ?? {}));
  return [{ path: "docs/reference/events.md", text: `${[intro(schema), ...sections].join("\n\n")}\n` }];
}

function intro({ description = "" }: Schema): string {
  return `<!-- generated from schema/events.schema.json: npm run generate -->
# The event stream

${description}

The stream is the source of every report. \`tally test --reporter ndjson\` writes it to stdout, \`--reporter ndjson=FILE\` and \`--out DIR\` to a file, and
the last runs are kept in \`.tally/runs\`. Records stand in it as they were on the wire, to the last digit: read numbers as text where that matters.

\`\`\`text
tally test --reporter ndjson | jq -c 'select(.type == "test-judged") | {id, verdict}'
\`\`\`

The schema for programs: [schema/events.schema.json](../../schema/events.schema.json).`;
}

function section(name: string, schema: Schema): string {
  const rows = keyRows(schema, "");
  const table = rows.length === 0 ? [] : [["| key | type | meaning |", "|---|---|---|", ...rows].join("\n")];
  const kind = rows.length === 0 && schema.description === undefined ? [typeText(schema)] : [];
  return [`## ${name}`, ...(schema.description === undefined ? [] : [schema.description]), ...kind, ...table].join(
    "\n\n",
  );
}

function keyRows({ properties = {}, required = [] }: Schema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const isOptional = !required.includes(key);
    const inside = value.properties ? value : value.items?.properties ? value.items : undefined;
    const cells = [`\`${path}\`${isOptional ? " (optional)" : ""}`, typeText(value), value.description ?? ""];
    const row = `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
    return inside ? [row, ...keyRows(inside, `${path}${value.items ? "[]" : ""}.`)] : [row];
  });
}

function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return `[${nameOf(schema.$ref)}](#${nameOf(schema.$ref).toLowerCase()})`;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(" ");
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return choices.map(typeText).join(" or ");
  if (schema.items !== undefined) return `list of ${schema.items.properties ? "object" : typeText(schema.items)}`;
  if (schema.type === undefined) return "any JSON";
  return typeof schema.type === "string" ? schema.type : schema.type.join(" or ");
}

function nameOf(ref: string): string {
  return ref.split("/").at(-1) ?? ref;
}

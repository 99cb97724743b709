import { expect, test } from "vitest";
import { canonicalTables } from "../../src/contract/delivered-tables.ts";
import { deliveredText } from "../../src/contract/delivered-text.ts";

const source = `# A model.
#
# Words used below

[model]
name = "m" # short

# Research's own.
[connector]
python = "c.py"
env = { TOKEN = "secret" }

[endpoints]
production = "http://internal"

# How long a call takes.
[endpoint]
timeout = "5s"

[endpoint.headers]
x-key = "secret"

[operations.process] # the features
input = { text = "string" }
output = { length = "int" }
`;

test("the author's lines stay, with their comments; what stays at home goes with its own", () => {
  expect(deliveredText(source, false)).toMatchInlineSnapshot(`
    "# A model.
    #
    # Words used below

    [model]
    name = "m" # short

    # How long a call takes.
    [endpoint]
    timeout = "5s"

    [operations.process] # the features
    input = { text = "string" }
    output = { length = "int" }
    "
  `);
});

test("where lines cannot be cut it is written anew", () => {
  const inline = `connector = { python = "c.py" }\nmodel = { name = "m" }\nendpoint = { headers = { x-key = "secret" }, batch = 2 }\n`;
  expect(deliveredText(inline, false)).toMatchInlineSnapshot(`
    "[model]
    name = "m"

    [endpoint]
    batch = 2
    "
  `);
});

test("a table's name inside a text is no table", () => {
  const text = `[model]\nname = "m"\n[operations.process]\ndoc = """\n[connector]\nnot a table\n"""\ninput = { a = "int" }\noutput = { b = "int" }\n`;
  expect(canonicalTables(deliveredText(text, false), false)).toBe(canonicalTables(text, false));
});

test("of a pyproject.toml the table of Tally becomes a contract", () => {
  const project = `[project]\nname = "p"\n[tool.tally.model]\nname = "m"\n[tool.tally.connector]\npython = "c.py"\n`;
  expect(deliveredText(project, true)).toBe('[model]\nname = "m"\n');
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { shownPath } from "../../src/kernel/shown-path.ts";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findContract, loadContract, parseContract } from "../../src/contract/load-contract.ts";
import { isTallyError } from "../../src/kernel/errors.ts";

const root = mkdtempSync(join(tmpdir(), "tally-contract-"));
afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, content: string | Uint8Array): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function messageOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (!isTallyError(error)) throw error;
    const { code, exit, message, hint } = error.problem;
    return `error[${code}] (exit ${exit}): ${message}\nhint: ${hint}`.replaceAll(shownPath(root), "ROOT");
  }
  return "no fault";
}

const minimal = '[model]\nname = "sqli"\n';

test("the example of the reference page says what the specification says", () => {
  const page = readFileSync(resolve("docs/reference/config.md"), "utf8");
  const source = /```toml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const contract = parseContract(source, "/models/sqli/tally.toml", "0.1.0");
  expect(contract).toMatchInlineSnapshot(`
    {
      "connector": {
        "dtypes": "nullable",
        "env": {},
        "interpreter": "/models/sqli/.venv/bin/python",
        "kind": "python",
        "path": "/models/sqli/research/connector.py",
        "workers": 1,
      },
      "endpoint": {
        "batch": 256,
        "headers": {},
        "timeoutMs": 30000,
      },
      "endpoints": {
        "production": "http://localhost:8080",
      },
      "file": "/models/sqli/tally.toml",
      "model": {
        "name": "sqli",
      },
      "operations": {
        "inference": {
          "after": "process",
          "extra": "warn",
          "input": {
            "fields": {
              "query": {
                "normalize": [],
                "order": "list",
                "sensitive": false,
                "signedZero": false,
                "tolerance": {},
                "type": {
                  "kind": "string",
                  "nullable": false,
                },
              },
            },
            "kind": "fields",
          },
          "name": "inference",
          "output": {
            "is_injection": {
              "normalize": [],
              "order": "list",
              "sensitive": false,
              "signedZero": false,
              "tolerance": {},
              "type": {
                "kind": "boolean",
                "nullable": false,
              },
            },
            "score": {
              "decides": "is_injection",
              "normalize": [],
              "order": "list",
              "sensitive": false,
              "signedZero": false,
              "threshold": 0.5,
              "tolerance": {
                "abs": 0.000001,
              },
              "type": {
                "kind": "float64",
                "nullable": false,
              },
            },
          },
        },
        "process": {
          "extra": "warn",
          "input": {
            "fields": {
              "query": {
                "normalize": [],
                "order": "list",
                "sensitive": false,
                "signedZero": false,
                "tolerance": {},
                "type": {
                  "kind": "string",
                  "nullable": false,
                },
              },
            },
            "kind": "fields",
          },
          "name": "process",
          "output": {
            "entropy": {
              "doc": "Shannon entropy of the characters",
              "normalize": [],
              "order": "list",
              "sensitive": false,
              "signedZero": false,
              "tolerance": {
                "rel": 1e-9,
              },
              "type": {
                "kind": "float64",
                "nullable": false,
              },
              "unit": "bit",
            },
            "null_values": {
              "normalize": [],
              "order": "list",
              "sensitive": false,
              "signedZero": false,
              "tolerance": {},
              "type": {
                "kind": "int",
                "nullable": false,
              },
            },
          },
        },
      },
      "requires": ">=0.1 <2",
      "root": "/models/sqli",
      "suite": {
        "cases": [
          "cases/**/*.{jsonl,csv,parquet}",
        ],
        "csv": {
          "delimiter": ",",
        },
        "files": [],
        "name": "sqli-ml-test",
        "pytest": [
          "tests/**/test_*.py",
        ],
        "tests": [
          "tests/**/*.test.ts",
        ],
      },
    }
  `);
});

test("a model's name is enough; everything else has a default", () => {
  expect(parseContract(minimal, "/models/sqli/tally.toml")).toMatchInlineSnapshot(`
    {
      "endpoint": {
        "batch": 256,
        "headers": {},
        "timeoutMs": 30000,
      },
      "endpoints": {},
      "file": "/models/sqli/tally.toml",
      "model": {
        "name": "sqli",
      },
      "root": "/models/sqli",
      "suite": {
        "cases": [
          "cases/**/*.{jsonl,csv,parquet}",
        ],
        "csv": {
          "delimiter": ",",
        },
        "files": [],
        "name": "sqli-ml-test",
        "pytest": [],
        "tests": [
          "tests/**/*.test.ts",
        ],
      },
    }
  `);
});

test("an operation that receives a stage's output comes after that stage", () => {
  const source = `${minimal}[operations.process]\ninput = {}\noutput = { n = "int" }\n[operations.inference]\ninput = "process"\noutput = { y = "int" }\n`;
  const { after, input } = parseContract(source, "/m/tally.toml").operations?.["inference"] ?? {};
  expect({ after, input }).toEqual({ after: "process", input: { kind: "stage", stage: "process" } });
});

test("types nest: lists of structs, nullable elements, categories, decimals, json", () => {
  const source = `${minimal}[operations.predict]
input = { x = "list<list<float64?>?>", when = "timestamp?" }
[operations.predict.output]
level = { type = "category?", values = ["low", "high"] }
price = { type = "decimal", scale = 2, abs = 0.01 }
at = { type = "timestamp", abs = "1ms" }
raw = "json"
[operations.predict.output.scores]
type = "list"
order = "multiset"
[operations.predict.output.scores.items]
type = "struct"
fields = { label = "string", p = { type = "float32", ulp = 8 } }
`;
  const { input, output } = parseContract(source, "/m/tally.toml").operations?.["predict"] ?? {};
  expect({ input, output }).toMatchInlineSnapshot(`
    {
      "input": {
        "fields": {
          "when": {
            "normalize": [],
            "order": "list",
            "sensitive": false,
            "signedZero": false,
            "tolerance": {},
            "type": {
              "kind": "timestamp",
              "nullable": true,
            },
          },
          "x": {
            "normalize": [],
            "order": "list",
            "sensitive": false,
            "signedZero": false,
            "tolerance": {},
            "type": {
              "items": {
                "items": {
                  "kind": "float64",
                  "nullable": true,
                },
                "kind": "list",
                "nullable": true,
              },
              "kind": "list",
              "nullable": false,
            },
          },
        },
        "kind": "fields",
      },
      "output": {
        "at": {
          "normalize": [],
          "order": "list",
          "sensitive": false,
          "signedZero": false,
          "tolerance": {
            "abs": 1,
          },
          "type": {
            "kind": "timestamp",
            "nullable": false,
          },
        },
        "level": {
          "normalize": [],
          "order": "list",
          "sensitive": false,
          "signedZero": false,
          "tolerance": {},
          "type": {
            "kind": "category",
            "nullable": true,
            "values": [
              "low",
              "high",
            ],
          },
        },
        "price": {
          "normalize": [],
          "order": "list",
          "sensitive": false,
          "signedZero": false,
          "tolerance": {
            "abs": 0.01,
          },
          "type": {
            "kind": "decimal",
            "nullable": false,
            "scale": 2,
          },
        },
        "raw": {
          "normalize": [],
          "order": "list",
          "sensitive": false,
          "signedZero": false,
          "tolerance": {},
          "type": {
            "kind": "json",
            "nullable": false,
          },
        },
        "scores": {
          "normalize": [],
          "order": "multiset",
          "sensitive": false,
          "signedZero": false,
          "tolerance": {},
          "type": {
            "items": {
              "fields": {
                "label": {
                  "normalize": [],
                  "order": "list",
                  "sensitive": false,
                  "signedZero": false,
                  "tolerance": {},
                  "type": {
                    "kind": "string",
                    "nullable": false,
                  },
                },
                "p": {
                  "normalize": [],
                  "order": "list",
                  "sensitive": false,
                  "signedZero": false,
                  "tolerance": {
                    "ulp": 8,
                  },
                  "type": {
                    "kind": "float32",
                    "nullable": false,
                  },
                },
              },
              "kind": "struct",
              "nullable": false,
            },
            "kind": "list",
            "nullable": false,
          },
        },
      },
    }
  `);
});

test("names that JavaScript gives a meaning are names like any other", () => {
  const source = `${minimal}[operations.toString]\ninput = { __proto__ = "int" }\noutput = { constructor = "int" }\n`;
  const { operations } = parseContract(source, "/m/tally.toml");
  const operation = operations?.["toString"];
  expect(Object.keys(operations ?? {})).toEqual(["toString"]);
  expect(operation?.input.kind === "fields" && Object.keys(operation.input.fields)).toEqual(["__proto__"]);
  expect(Object.keys(operation?.output ?? {})).toEqual(["constructor"]);
});

test("a bare interpreter is a command, one with a separator a path from the contract's folder", () => {
  const interpreters = ["python3.12", ".venv/bin/python", "/usr/bin/python3"].map((interpreter) => {
    const source = `${minimal}[connector]\npython = "c.py"\ninterpreter = "${interpreter}"\n`;
    const { connector } = parseContract(source, "/m/tally.toml");
    return connector?.kind === "python" ? connector.interpreter : undefined;
  });
  expect(interpreters).toEqual(["python3.12", "/m/.venv/bin/python", "/usr/bin/python3"]);
});

test("a suite within its required range loads", () => {
  const source = `[tally]\nrequires = ">=0.1 <2"\n${minimal}`;
  expect(parseContract(source, "/m/tally.toml", "0.1.0").requires).toBe(">=0.1 <2");
});

test("the contract is found in the folder and above it", () => {
  const file = write("found/tally.toml", minimal);
  mkdirSync(join(root, "found/a/b"), { recursive: true });
  expect(findContract(join(root, "found"))).toBe(file);
  expect(findContract(join(root, "found/a/b"))).toBe(file);
});

test("pyproject.toml counts when it has [tool.tally]; tally.toml beside it comes first", () => {
  const project = write("py/pyproject.toml", `[project]\nname = "x"\n[tool.tally.model]\nname = "sqli"\n`);
  write("py/other/pyproject.toml", `[project]\nname = "y"\n[tool.tallyho]\nx = 1\n`);
  expect(findContract(join(root, "py/other"))).toBe(project);
  expect(loadContract(project).model).toEqual({ name: "sqli" });
  const own = write("py/tally.toml", minimal);
  expect(findContract(join(root, "py/other"))).toBe(own);
});

test("a project without a contract has none", () => {
  write("bare/pyproject.toml", "[project]\n");
  expect(findContract(join(root, "bare"))).toBeUndefined();
});

test("an explicit path is a file or the folder that holds one, and is taken as it is", () => {
  const file = write("explicit/tally.toml", minimal);
  expect(findContract(root, "explicit")).toBe(file);
  expect(findContract(root, "explicit/tally.toml")).toBe(file);
  expect(findContract(root, "elsewhere.toml")).toBe(join(root, "elsewhere.toml"));
});

test("a file that is not there, or is a folder, is named with the reason", () => {
  expect(messageOf(() => loadContract(join(root, "elsewhere.toml")))).toMatchInlineSnapshot(`
    "error[contract-unreadable] (exit 2): ROOT/elsewhere.toml cannot be read: there is no such file.
    hint: Look at it: ls -l ROOT/elsewhere.toml"
  `);
  mkdirSync(join(root, "folder"));
  expect(messageOf(() => loadContract(join(root, "folder")))).toMatchInlineSnapshot(`
    "error[contract-unreadable] (exit 2): ROOT/folder cannot be read: it is a folder.
    hint: Look at it: ls -l ROOT/folder"
  `);
});

test("a byte order mark and Windows line ends are no fault, and lines count on", () => {
  const file = write("bom/tally.toml", `\ufeff[model]\r\nname = "sqli"\r\n[suit]\r\n`);
  expect(messageOf(() => loadContract(file))).toMatchInlineSnapshot(`
    "error[contract-unknown-key] (exit 2): ROOT/bom/tally.toml:3: unknown key suit; did you mean suite?
    hint: Known here: tally, model, connector, endpoints, endpoint, operations, suite (docs/reference/config.md)."
  `);
});

test("bytes that are not UTF-8 are named with line and byte", () => {
  const latin = write("latin/tally.toml", Buffer.from('[model]\nname = "caf\u00e9"\n', "latin1"));
  expect(messageOf(() => loadContract(latin))).toMatchInlineSnapshot(`
    "error[contract-encoding] (exit 2): ROOT/latin/tally.toml:2: byte 0xE9 is not UTF-8 (byte 20 of the file); TOML is UTF-8.
    hint: Save the file as UTF-8, or convert it: iconv -f ENCODING -t UTF-8"
  `);
  const real = write(
    "replacement/tally.toml",
    Buffer.concat([Buffer.from('# \ufffd\n[model]\nname = "'), Buffer.of(0xff)]),
  );
  expect(messageOf(() => loadContract(real))).toMatchInlineSnapshot(`
    "error[contract-encoding] (exit 2): ROOT/replacement/tally.toml:3: byte 0xFF is not UTF-8 (byte 23 of the file); TOML is UTF-8.
    hint: Save the file as UTF-8, or convert it: iconv -f ENCODING -t UTF-8"
  `);
  const utf16 = write("utf16/tally.toml", Buffer.from(`\ufeff${minimal}`, "utf16le"));
  expect(messageOf(() => loadContract(utf16))).toMatchInlineSnapshot(`
    "error[contract-encoding] (exit 2): ROOT/utf16/tally.toml: this is UTF-16; TOML is UTF-8.
    hint: Save the file as UTF-8, or convert it: iconv -f ENCODING -t UTF-8"
  `);
});

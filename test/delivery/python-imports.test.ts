/** What a Python source imports, and which files of a suite that may be. */
import { expect, test } from "vitest";
import { packageFiles, pythonFiles, pythonImports } from "../../src/delivery/python-imports.ts";

test("statements are read, and texts and comments are none", () => {
  const source = `"""Talks of things:
from research.model by hand
import nothing
"""
# import comment
import aa, bb.cc as d  # and e
from helpers import numbers, words as w
from . import beside
from ..up.there import (
    one,  # two
    three,
)
from plain import *
try:
    import perhaps
except ImportError:
    perhaps = None
text = "import inside"
`;
  expect(pythonImports(source)).toEqual([
    { module: "aa", names: [], line: 6, isPlain: true },
    { module: "bb.cc", names: [], line: 6, isPlain: true },
    { module: "helpers", names: ["numbers", "words"], line: 7, isPlain: true },
    { module: ".", names: ["beside"], line: 8, isPlain: true },
    { module: "..up.there", names: ["one", "three"], line: 9, isPlain: true },
    { module: "plain", names: [], line: 13, isPlain: true },
    { module: "perhaps", names: [], line: 15, isPlain: false },
  ]);
});

test("an import may mean a module, a package, and a module in it", () => {
  const from = (module: string, ...names: string[]) =>
    pythonFiles("tests/unit/test_a.py", { module, names, line: 1, isPlain: true }, ["src"]);
  expect(from("helpers.more", "numbers")).toEqual([
    "tests/unit/helpers/more.py",
    "tests/unit/helpers/more/__init__.py",
    "tests/unit/helpers/more/numbers.py",
    "tests/unit/helpers/more/numbers/__init__.py",
    "helpers/more.py",
    "helpers/more/__init__.py",
    "helpers/more/numbers.py",
    "helpers/more/numbers/__init__.py",
    "src/helpers/more.py",
    "src/helpers/more/__init__.py",
    "src/helpers/more/numbers.py",
    "src/helpers/more/numbers/__init__.py",
  ]);
  expect(from(".", "beside")).toEqual(["tests/unit/beside.py", "tests/unit/beside/__init__.py"]);
  expect(from("..up")).toEqual(["tests/up.py", "tests/up/__init__.py"]);
  expect(packageFiles("tests/unit/test_a.py")).toEqual(["tests/__init__.py", "tests/unit/__init__.py"]);
});

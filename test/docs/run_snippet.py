"""Runs the snippets of a page, in one scope: a comment after an expression is its value, or the message of what it raises."""

import ast
import sys

source = sys.stdin.read()
lines = source.splitlines()
scope: dict = {"__name__": "snippet"}
wrong = []
for statement in ast.parse(source).body:
    code = ast.get_source_segment(source, statement) or ""
    following = lines[statement.end_lineno] if statement.end_lineno < len(lines) else ""
    if not isinstance(statement, ast.Expr) or not following.startswith("# "):
        exec(compile(ast.Module([statement], []), "snippet", "exec"), scope)
        continue
    try:
        value = repr(eval(compile(ast.Expression(statement.value), "snippet", "eval"), scope))
    except Exception as error:
        value = f"{error.code}: {error}" if hasattr(error, "code") else str(error)
    if value != following[2:]:
        wrong.append(f"{code}\n  shown  {following[2:]}\n  is     {value}")
print("\n".join(wrong), end="")

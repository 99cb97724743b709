import sys

from tallyml import Model

model = Model("floods")


@model.operation
def process(records: list[dict]) -> list[dict]:
    for _ in range(20_000):
        sys.stderr.write("x" * 1023 + "\n")
    return [{"ok": True} for _ in records]

import re
import signal
import time

from tallyml import Model

model = Model("hangs")


@model.operation
def process(records: list[dict]) -> list[dict]:
    for record in records:
        if record["query"] == "wait":
            time.sleep(3600)
        if record["query"] == "regex":
            # Catastrophic backtracking: C code that holds the interpreter's lock.
            re.match(r"(a+)+$", "a" * 40 + "b")
    return [{"ok": True} for _ in records]


@model.operation
def stubborn(records: list[dict]) -> list[dict]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(3600)
    return []

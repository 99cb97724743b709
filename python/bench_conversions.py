"""How fast a worker is, over real pipes, and where the time of a call goes: run this file.

The operation is four pandas string methods and an entropy in Python; the dict form does the same in Python.
"""

from __future__ import annotations

import json
import random
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "tests")]

from worker_process import WorkerProcess  # noqa: E402 (after the path to it)

CONNECTOR = """
import math
from collections import Counter
import pandas as pd
from tallyml import Model

model = Model("bench")

def entropy(text):
    n = len(text)
    return -sum(c / n * math.log2(c / n) for c in Counter(text).values()) if n else 0.0

@model.operation
def frame(df: pd.DataFrame):
    q = df["query"]
    return pd.DataFrame({"length": q.str.len(), "quotes": q.str.count("'"), "lower": q.str.lower(),
                         "comment": q.str.contains("--", regex=False), "entropy": q.map(entropy)})

@model.operation
def echo(df: pd.DataFrame):
    return df

@model.operation
def dicts(records: list[dict]):
    return [{"length": len(q), "quotes": q.count("'"), "lower": q.lower(), "comment": "--" in q, "entropy": entropy(q)}
            for q in (record["query"] for record in records)]
"""
OUTPUT = {"length": "int", "quotes": "int", "lower": "string", "comment": "boolean", "entropy": "float64"}


def stated(fields: dict[str, str]) -> dict:
    return {name: {"type": kind, "nullable": False} for name, kind in fields.items()}


def queries(count: int) -> list[str]:
    chance = random.Random(7)
    words = ["SELECT", "name", "FROM", "users", "WHERE", "id", "=", "'1'", "OR", "1=1", "--", "DROP", "TABLE", "42"]
    return [" ".join(chance.choices(words, k=chance.randint(3, 14))) for _ in range(count)]


def median_us(work: Callable[[], object], seconds: float) -> float:
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def main(seconds: float = 1.0) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "connector.py"
        path.write_text(CONNECTOR)
        worker = WorkerProcess()
        start = time.perf_counter()
        fields = {"after": None, "input": stated({"query": "string"}), "output": stated(OUTPUT)}
        echoed = {"after": None, "input": stated({"query": "string"}), "output": stated({"query": "string"})}
        ready = worker.hello(path, {"frame": fields, "dicts": fields, "echo": echoed})
        assert ready is not None
        assert ready["type"] == "ready", ready
        print(
            f"{ready['runtime']}, ready after {(time.perf_counter() - start) * 1e3:.0f} ms (nearly all import pandas)"
        )
        print(f"{'operation':10}{'batch':>7}{'µs/call':>10}{'records/s':>11}")
        for operation in ("frame", "dicts", "echo"):
            for batch in (1, 16, 256, 4096):
                call = {
                    "type": "call",
                    "id": 1,
                    "operation": operation,
                    "n": batch,
                    "columns": {"query": queries(batch)},
                }
                text = json.dumps(call).encode()
                us = median_us(lambda text=text: exchange(worker, text), seconds)
                print(f"{operation:10}{batch:7}{us:10.0f}{batch / us * 1e6:11,.0f}")
        worker.dispose()


def exchange(worker: WorkerProcess, text: bytes) -> None:
    """One call without parsing the answer: that is the other side's work."""
    worker.send(text)
    deadline = time.monotonic() + 60
    head = worker._read(4, deadline)
    assert head is not None
    answer = worker._read(struct.unpack("<I", head)[0], deadline)
    assert answer is not None
    assert answer.startswith(b'{"type":"result"'), answer[:300]


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)

import os
import signal

from tallyml import Model

model = Model("dies")


@model.operation
def process(records: list[dict]) -> list[dict]:
    for record in records:
        if record["query"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if record["query"] == "exit":
            os._exit(7)
    return [{"pid": os.getpid()} for _ in records]

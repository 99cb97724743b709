import os
import subprocess
import sys

from tallyml import Model

print("loading")
model = Model("prints")


@model.operation
def process(records: list[dict]) -> list[dict]:
    print('{"type":"result","id":1,"n":1,"rows":[{}]}')
    print("on stderr", file=sys.stderr)
    os.write(1, b"raw on 1\n")
    subprocess.run(["echo", "from a child"], check=True)
    return [{"ok": True} for _ in records]

"""Executes a notebook in the working directory, its outputs normalised; `--update` writes them into it, else they must be the same."""

import json
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

SHOWN_PORT = "8080"


def normal(text: str) -> str:
    """Without what differs from run to run."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = text.replace(str(Path.cwd()), "/home/you/notebooks")
    text = re.sub(r"sha256:[0-9a-f]{12}", "sha256:0123456789ab", text)
    text = re.sub(r"\b\d+(\.\d+)? m?s\b", "0.5 s", text)
    text = re.sub(r"(?m)^ seed \d+$", " seed 1", text)
    text = re.sub(r"python \d+\.\d+\.\d+ \(\S+\)", "python 3.11.7 (.venv/bin/python)", text)
    # Where the interpreter's path is long, the line was broken.
    text = re.sub(r"(reference  py:\S+)\n +(\S)", r"\1  \2", text)
    return re.sub(r"reproduce  tally replay [0-9a-f]{8}", "reproduce  tally replay 0123abcd", text)


def shown(output) -> dict:
    """An output as it is kept: text of streams, text and HTML of values, never an error."""
    if output.output_type == "stream":
        return {"output_type": "stream", "name": output.name, "text": normal(output.text)}
    if output.output_type == "error":
        raise SystemExit("\n".join(output.traceback))
    kept = {kind: normal(output.data[kind]) for kind in ("text/plain", "text/html") if kind in output.data}
    return {"output_type": output.output_type, "data": kept}


def joined(outputs) -> list:
    """What one stream wrote in one go is one output, however the kernel sent it."""
    whole = []
    for output in outputs:
        last = whole[-1] if whole else None
        if last is not None and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            whole.append(output)
    return whole


def main() -> None:
    """`run_notebook.py NOTEBOOK PORT [--update]`."""
    path, port, *flags = sys.argv[1:]
    notebook = nbformat.read(path, as_version=4)
    before = [[json.loads(json.dumps(output)) for output in cell.get("outputs", [])] for cell in notebook.cells]
    for cell in notebook.cells:
        cell.source = cell.source.replace(SHOWN_PORT, port)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    wrong = []
    for number, (cell, expected) in enumerate(zip(notebook.cells, before), 1):
        cell.source = cell.source.replace(port, SHOWN_PORT)
        if cell.cell_type != "code":
            continue
        found = [shown(output) for output in joined(cell.outputs)]
        found = json.loads(json.dumps(found).replace(port, SHOWN_PORT))
        kept = [{key: one[key] for key in ("output_type", "name", "text", "data") if key in one} for one in expected]
        if found != kept:
            wrong.append(
                f"cell {number}\n  shown {json.dumps(kept, ensure_ascii=False)}\n  is    {json.dumps(found, ensure_ascii=False)}"
            )
        cell.execution_count = None
        cell.metadata = {}
        cell.outputs = [
            nbformat.from_dict({**one, **({"metadata": {}, "execution_count": None} if "data" in one else {})})
            for one in found
        ]
    if "--update" in flags:
        nbformat.write(notebook, path)
    elif wrong:
        sys.stdout.write("\n".join(wrong) + "\n")


main()

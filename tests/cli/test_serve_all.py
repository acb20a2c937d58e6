"""`stationer serve all` hands one token to the edge and to the portal beside it, once, unless somebody did."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from stationer.cli import serve, supervise
from stationer.cli.main import main


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`served()` runs it with nothing to supervise; the settings that its programs would find."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervise, "supervise", lambda commands: 0)
    monkeypatch.setenv("STATIONER_PORTAL__PUBLIC_URL", "https://stationer.acme.example")
    for name in ("TOKEN", "TOKEN_FILE", "URL"):
        monkeypatch.setenv(f"STATIONER_EDGE__UPLINK_{name}", "")
        monkeypatch.delenv(f"STATIONER_EDGE__UPLINK_{name}")

    def run():
        assert main(["serve", "all"]) == 0
        return serve.load().edge

    yield run
    for name in ("TOKEN_FILE", "URL"):
        os.environ.pop(f"STATIONER_EDGE__UPLINK_{name}", None)


def test_both_are_given_the_same_token_at_every_start(served, tmp_path) -> None:
    edge = served()
    assert edge.uplink_url == "https://stationer.acme.example" and len(edge.uplink_token) == 43
    (file,) = tmp_path.glob("var/keys/edge.token")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for name in ("TOKEN_FILE", "URL"):
        del os.environ[f"STATIONER_EDGE__UPLINK_{name}"]
    assert served().uplink_token == edge.uplink_token
    assert (tmp_path / "var/keys/uplink.pub").exists()


def test_what_somebody_set_stays(served, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("STATIONER_EDGE__UPLINK_URL", "https://elsewhere.example")
    assert served().uplink_token == ""
    assert not (tmp_path / "var/keys").exists()


def test_a_disk_that_refuses_is_told(served, tmp_path, capsys) -> None:
    (tmp_path / "var").write_text("in the way")
    assert main(["serve", "all"]) == 1
    assert "cannot start" in capsys.readouterr().err

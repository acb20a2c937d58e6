"""The malware hook against a real clamd: found, clean, inside an attachment, too long for it."""

from __future__ import annotations

import os
from base64 import encodebytes
from types import SimpleNamespace

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")

from stationer.portal.vault import scanning  # Django's settings are named first
from trials.servers.clamd import EICAR, Clamd

MAIL = (
    b"From: alice@acme.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nwords\r\n--q\r\n"
    b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename=a.bin\r\n\r\n%s--q--\r\n"
)


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    server = Clamd(tmp_path_factory.mktemp("clamd"))
    yield server
    server.stop()


@pytest.mark.timeout(120)
def test_what_a_real_clamd_says(clamd, monkeypatch):
    for url in (f"clamd://127.0.0.1:{clamd.port}", f"clamd://{clamd.socket}"):
        vault = SimpleNamespace(scanner=url)
        monkeypatch.setattr(scanning, "settings", SimpleNamespace(PORTAL=SimpleNamespace(vault=vault)))
        assert scanning.ask([EICAR]) == scanning.Found("Stationer.Trial.UNOFFICIAL")
        assert scanning.ask([b"words"]) == scanning.Clean()
        assert scanning.ask([EICAR[:30], EICAR[30:]]) == scanning.Found("Stationer.Trial.UNOFFICIAL")
        assert scanning.ask([MAIL % encodebytes(EICAR)]) == scanning.Found("Stationer.Trial.UNOFFICIAL")
        assert scanning.ask([MAIL % encodebytes(b"words")]) == scanning.Clean()
        more = [bytes(1 << 20)] * 120  # than its StreamMaxLength
        assert isinstance(scanning.ask(more), scanning.TooLong)

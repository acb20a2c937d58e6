"""Mails that somebody signed or encrypted are announced, travel, come back, and verify and open again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contract.notice_vectors import PEN

from stationer import notice
from trials.conftest import leave_out
from trials.notice.letters import DELIVERY, announced
from trials.servers.seals import Gnupg, OpenSsl
from trials.servers.workshop import Workshop, missing_for_seals
from trials.stamping.protected import PROTECTED, SECRET, Protected, Tools


@pytest.fixture(scope="module")
def tools(workshop: Workshop) -> Iterator[Tools]:
    """OpenSSL and GnuPG with keys of their own."""
    leave_out(missing_for_seals())
    gnupg = Gnupg(workshop("notice-gnupg"))
    yield Tools(OpenSsl(workshop("notice-openssl")), gnupg)
    gnupg.stop()


@pytest.mark.parametrize("way", PROTECTED, ids=[way.name for way in PROTECTED])
def test_a_protected_mail_comes_back_and_opens(tools: Tools, way: Protected) -> None:
    written = way.mail(tools)
    sent = announced(PEN, written)
    assert SECRET.encode() not in sent
    back = notice.restore(DELIVERY + sent, written, PEN)
    assert isinstance(back, notice.Restored)
    assert SECRET.encode() in way.read(tools, back.mail)

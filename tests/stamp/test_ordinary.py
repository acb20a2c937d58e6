"""The quick look for consent: what it calls ordinary, no judge would have anything to ask about."""

from __future__ import annotations

import pytest

from stationer import mime
from stationer.mime import Part
from stationer.stamp.ordinary import is_ordinary
from stationer.stamp.sealed import MESSAGES, SMIME, TYPES, seal_of
from tests.stamp.laws import CORPORA, MAILS

REPORTS = (
    "multipart/report", "message/delivery-status", "message/disposition-notification", "message/feedback-report",
    "text/rfc822-headers", "message/partial", "message/external-body", "application/ms-tnef",
    "application/vnd.ms-tnef", "application/x-microsoft-rpmsg-message", "text/calendar", "application/ics",
    "application/pgp",
)  # fmt: skip
WATCHED = sorted({*TYPES, *SMIME, *MESSAGES, *REPORTS})
FILES = ("smime.p7m", "a.P7Z", "smime.p7s", "message.rpmsg", "invite.ics", "winmail.dat", " winmail.dat ")


def part_of(kind: str, more: str = "", body: str = "aGVsbG8=") -> Part:
    """The second part of a mixture."""
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n{more}"
    mail = f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\n{head}\n{body}\n--b--\n"
    return mime.read(mail.encode()).root.children[1]


@pytest.mark.parametrize("kind", WATCHED)
def test_a_type_that_a_judge_asks_for_is_not_ordinary(kind: str) -> None:
    assert not is_ordinary(part_of(kind))


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_a_judge_asks_for_is_not_ordinary(name: str) -> None:
    assert is_ordinary(part_of("application/octet-stream; name=offer.pdf"))
    assert not is_ordinary(part_of(f'application/octet-stream; name="{name}"'))
    disposition = f'Content-Disposition: attachment; filename="{name}"\n'
    assert not is_ordinary(part_of("application/octet-stream", disposition))


def test_a_file_that_is_an_armour_is_not_ordinary() -> None:
    assert not is_ordinary(part_of("application/octet-stream", body="LS0tLS1CRUdJTiBQR1AgTUVTU0FHRS0tLS0t"))


@pytest.mark.parametrize("more", ["; protocol=x", "; micalg=x", "; name=smime.p7m"])
def test_a_mixture_that_says_more_than_its_boundary_is_not_ordinary(more: str) -> None:
    mail = f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b{more}\n\n--b\n\nwords\n--b--\n"
    assert not is_ordinary(mime.read(mail.encode()).root)


def test_no_ordinary_part_of_any_mail_is_sealed() -> None:
    paths = [*MAILS.glob("*.eml"), *(CORPORA.glob("*/*.eml") if CORPORA.is_dir() else [])]
    parts = [part for path in paths for part in mime.read(path.read_bytes()).parts]
    ordinary = [part for part in parts if is_ordinary(part)]
    assert len(ordinary) > 50
    assert not [part.type for part in ordinary if seal_of(part)]

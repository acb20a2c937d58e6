"""The mails that the law is tried on: our own, those of the conformance suite, and those of others where they are."""

from __future__ import annotations

from pathlib import Path

from stationer.mime import joined, read, splice
from stationer.notice import untagged
from stationer.notice.restoring import LEFT_OUT

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
OWN = [
    path
    for folder in ("tests/stamp/mails", "src/stationer/conformance")
    for path in (ROOT / folder).rglob("*.eml")
]
INDEX = CORPORA / "INDEX.tsv"
ROWS = [row.split("\t") for row in INDEX.read_text("utf-8").splitlines()] if INDEX.exists() else []
THEIRS = [CORPORA / row[0] for row in ROWS if row[1] == "eml"]
MAILS = {str(path.relative_to(ROOT.parent)): path.read_bytes() for path in sorted([*OWN, *THEIRS])}


def author_of_all(mail: bytes) -> list[tuple[bytes, bytes]]:
    """Name and octets of every field that has to come back, without line ends behind the last octet."""
    plain = joined(splice(mail, untagged(mail, "[secure]")))
    fields = [
        (field.name, plain[field.start : field.end].rstrip(b"\r\n")) for field in read(plain).root.fields
    ]
    return [
        one for one in fields if one[0] not in LEFT_OUT or one[1].startswith(b"Stationer-Restored: v=1; pen=")
    ]


def head_of(mail: bytes) -> bytes:
    """What is above the body."""
    return mail[: read(mail).root.body]


def body_of(mail: bytes) -> bytes:
    """What is below the header, to the last octet."""
    return mail[read(mail).root.body :]

"""Which mails may be cut: each refusal by its name, and nothing refused without need."""

from __future__ import annotations

import csv

import pytest

from stationer.stamp import Untouched, consent, stamp
from tests.stamp.laws import CORPORA, MAILS, RICH

HEAD = "From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n"
TEXT = "Content-Type: text/plain\n\nwords\n"


def multi(kind: str, *parts: str, head: str = "", more: str = "") -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"{HEAD}{head}Content-Type: multipart/{kind}; boundary=b{more}\n\n{body}--b--\n".encode()


def single(kind: str, head: str = "", body: str = "words\n") -> bytes:
    return f"{HEAD}{head}Content-Type: {kind}\n\n{body}".encode()


SIGNED_PGP = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nwords\n-----BEGIN PGP SIGNATURE-----\n"
ENCRYPTED_PGP = "-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n"

CASES = {
    "S/MIME, clear": ("signed", multi("signed", TEXT, "Content-Type: application/pkcs7-signature\n\nMII")),
    "S/MIME, opaque": ("signed", single("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m")),
    "S/MIME, enveloped": ("encrypted", single("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")),
    "S/MIME, of no stated kind": ("encrypted", single("application/x-pkcs7-mime; name=smime.p7m")),
    "S/MIME as octets": ("encrypted", single('application/octet-stream; name="smime.p7m"')),
    "PGP/MIME, signed": ("signed", multi("signed", TEXT, "Content-Type: application/pgp-signature\n\n-")),
    "PGP/MIME, encrypted": ("encrypted", multi("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1")),
    "PGP/MIME, mangled to mixed": ("encrypted", multi("mixed", TEXT, "Content-Type: application/pgp-encrypted\n\nV")),
    "signature mangled to mixed": ("signed", multi("mixed", TEXT, "Content-Type: application/pgp-signature\n\n-")),
    "signed inside a list's frame": ("signed", multi("mixed", 'Content-Type: multipart/signed; boundary=i\n\n--i\n\nx\n--i--', TEXT)),
    "signed inside an attached message": (
        "signed", multi("mixed", TEXT, "Content-Type: message/rfc822\n\nContent-Type: multipart/signed; boundary=q\n\n--q--")
    ),
    "PGP in the text, signed": ("signed", single("text/plain", body=SIGNED_PGP)),
    "PGP in the text, encrypted": ("encrypted", single("text/plain", body=ENCRYPTED_PGP)),
    "PGP in a text of base64": (
        "encrypted",
        single("text/plain\nContent-Transfer-Encoding: base64", body="LS0tLS1CRUdJTiBQR1AgTUVTU0FHRS0tLS0tCg=="),
    ),
    "PGP in HTML": ("encrypted", single("text/html", body="<pre>" + ENCRYPTED_PGP + "</pre>")),
    "rights management": ("protected", multi("mixed", TEXT, 'Content-Type: application/x-microsoft-rpmsg-message; name="message.rpmsg"\n\nx')),
    "rights management by class": ("protected", single("text/plain", "Content-Class: rpmsg.message\n")),
    "label that protects": ("protected", single("text/plain", "msip_labels: MSIP_Label_1_ContentBits=8;\n")),
    "meeting": ("calendar", multi("alternative", TEXT, "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR")),
    "meeting by class": ("calendar", single("text/plain", "Content-Class: urn:content-classes:calendarmessage\n")),
    "delivery report": ("report", multi("report", TEXT, "Content-Type: message/delivery-status\n\nx", more="; report-type=delivery-status")),
    "read report": ("report", multi("report", TEXT, "Content-Type: message/disposition-notification\n\nx")),
    "absence note": ("auto-reply", single("text/plain", "Auto-Submitted: auto-replied (vacation)\n")),
    "older absence note": ("auto-reply", single("text/plain", "X-Autoreply: yes\n")),
    "piece of a mail": ("partial", single("message/partial; id=x; number=1; total=2")),
    "Outlook's own format alone": ("tnef-only", multi("mixed", "Content-Type: application/ms-tnef; name=winmail.dat\n\nx")),
    "list with its footer": ("list-footer", multi("mixed", TEXT, "Content-Type: text/plain\n\n____\nlist", head="List-Id: <l.example>\n")),
    "no header": ("unparseable", b"\nwords"),
    "nothing": ("unparseable", b""),
    "header that breaks off": ("unparseable", b"From: a@b.example\nwords and no blank line\nSubject: x\n\nmore"),
    "multipart without a boundary": ("unparseable", single("multipart/mixed")),
    "two Content-Types": ("unparseable", single("text/plain\nContent-Type: text/html")),
    "unknown transfer encoding": ("unparseable", single("text/plain\nContent-Transfer-Encoding: x-uuencode")),
    "UTF-16": ("unparseable", single("text/html; charset=utf-16")),
    "UTF-7": ("unparseable", single("text/plain; charset=utf-7")),
    "HZ": ("unparseable", single("text/plain; charset=hz-gb-2312")),
    "picture alone": ("no-body", single("image/png")),
    "attachment alone": ("no-body", multi("mixed", 'Content-Type: text/plain; name="a.txt"\nContent-Disposition: attachment\n\nx')),
    "forwarded as attachment alone": ("no-body", multi("mixed", "Content-Type: message/rfc822\n\nFrom: x@y.example\n\nwords")),
    "header alone": ("no-body", b"From: a@b.example\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_mail_that_may_not_be_cut_is_left_untouched(name):
    reason, mail = CASES[name]
    assert stamp(mail, RICH) == Untouched(reason)


@pytest.mark.parametrize(
    "mail",
    [
        single("text/plain", "msip_labels: MSIP_Label_1_Enabled=true;MSIP_Label_1_ContentBits=0;\n"),
        single("text/plain", "Auto-Submitted: no\n"),
        single("text/plain", "DKIM-Signature: v=1\n"),
        single("text/plain", body="> -----BEGIN PGP MESSAGE-----\n> old\nmy words\n"),
        multi("mixed", TEXT, 'Content-Type: text/plain; name="list.txt"\n\nx', head="List-Id: <l.example>\n"),
        multi("mixed", TEXT, "Content-Type: application/ms-tnef; name=winmail.dat\n\nx"),
        multi("mixed", TEXT, "Content-Type: application/pgp-keys\n\n-----BEGIN PGP PUBLIC KEY BLOCK-----"),
        multi(
            "mixed",
            TEXT,
            "Content-Type: message/rfc822\n\nFrom: x@y.example\n\nwords",
        ),
        single("text/plain", body=""),
        b"From: a@b.example\n\nwords",
    ],
)
def test_a_mail_that_may_be_cut_is_not_refused(mail):
    assert consent(mail) is None


def test_a_mail_over_the_limit_is_too_large():
    assert consent(single("text/plain"), max_size=20) == "too-large"
    assert stamp(single("text/plain"), RICH, max_size=20) == Untouched("too-large")


def index() -> list[dict[str, str]]:
    path = CORPORA / "INDEX.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            row
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["kind"] == "eml"
        ]


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not here")
@pytest.mark.parametrize("row", [row for row in index() if row["signed"]], ids=lambda row: row["path"])
def test_every_signed_or_encrypted_mail_of_other_projects_is_refused(row):
    assert consent((CORPORA / row["path"]).read_bytes()) in ("signed", "encrypted")


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_our_own_mails_may_be_cut(path):
    assert consent(path.read_bytes()) is None

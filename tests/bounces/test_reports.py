"""What came back is read as its writer meant it: reports, complaints, words; and letters are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract.bounce_samples import SAMPLES, report, sample, words

from stationer.bounces import read

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
ID, PATH = "<1.abc@acme.example>", "bounces+token@mail.acme.example"

#: name → (what, Message-ID, envelope sender, [(address, action, status, kind)]); None: it reports nothing
TRUTH = {
    "postfix": ("bounce", ID, PATH, [("bob@example.org", "failed", "5.1.1", "hard")]),
    "its original recipient": ("bounce", ID, PATH, [("b+ob@example.org", "failed", "4.4.7", "soft")]),
    "its original recipient is no address": ("bounce", None, "", [("bob@example.org", "failed", "5.2.2", "soft")]),
    "several": ("bounce", None, "", [
        ("bob@example.org", "failed", "5.2.2", "soft"), ("eve@example.org", "delayed", "4.4.1", "soft"),
        ("joe@example.org", "relayed", "2.0.0", "other"), ("ann@example.org", "delayed", "4.2.0", "soft"),
        ("zoe@example.org", "failed", "", "hard"),
    ]),
    "no blank line before its fields": ("bounce", ID, PATH, [("bob@example.org", "failed", "5.7.1", "other")]),
    "its delimiters are lost": ("bounce", None, "", [("bob@example.org", "failed", "5.1.10", "hard")]),
    "beyond ASCII": ("bounce", ID, PATH, [("jörg@example.org", "failed", "5.1.1", "hard")]),
    "in base64": ("bounce", None, "", [("bob@example.org", "failed", "5.2.1", "hard")]),
    "in an encoding nobody knows": ("bounce", None, "", [("bob@example.org", "failed", "5.1.2", "hard")]),
    "exchange, in words": ("bounce", ID, "", [("bob@example.org", "failed", "5.1.10", "hard")]),
    "qmail": ("bounce", ID, "", [("bob@example.org", "failed", "5.0.0", "hard"), ("eve@example.org", "failed", "", "soft")]),
    "exim": ("bounce", ID, "", [("bob@example.org", "failed", "5.0.0", "hard"), ("eve@example.org", "failed", "5.0.0", "hard")]),
    "no code after the address": ("bounce", None, "", [("bob@example.org", "failed", "5.4.4", "hard")]),
    "unknown letters": ("bounce", None, "", [("bob@example.org", "failed", "5.1.1", "hard")]),
    "no text": None, "nothing said": None, "a postmaster on holiday": None, "a letter": None, "read receipt": None,
    "complaint": ("complaint", ID, PATH, [("bob@example.org", "complained", "", "other")]),
    "complaint of whom": ("complaint", ID, PATH, []),
    "complaint of nothing": ("complaint", None, "", []),
}  # fmt: skip

#: Mails of real servers: address, status, kind of the first recipient.
THEIRS = {
    "chatmail/gmail_ndn.eml": ("assidhfaaspocwaeofi@gmail.com", "5.1.1", "hard"),
    "chatmail/testrun_ndn_2.eml": ("bob@example.org", "5.4.4", "hard"),
    "chatmail/tiscali_ndn.eml": ("shenauithz@testrun.org", "5.1.1", "hard"),
    "chatmail/yahoo_ndn.eml": ("haeclirth.sinoenrat@yahoo.com", "5.0.0", "hard"),
    "cpython/msg_43.txt.eml": ("xxxxxxx@dot.ca.gov", "5.7.1", "other"),
    "enmime/dsn_with_multipart_alternative.raw.eml": ("non-existing@example.com", "5.1.10", "hard"),
    "enmime/simple_dsn_with_html.raw.eml": ("louisl@larry.slip.umd.edu", "4.0.0", "soft"),
    "mimekit/delivery-status-no-blank-line.txt.eml": ("newsletter-request@imusic.com", "5.0.0", "other"),
    "postal-mime/bounce.eml": ("htfgvhyufthdgcvhgjyfthgc@ethereal.email", "5.0.0", "hard"),
    "sisimai/lhost-amazonworkmail-01.eml": ("kijitora@example.jp", "5.1.1", "hard"),
    "sisimai/lhost-domino-02.eml": ("kijitora@example.co.jp", "5.0.0", "other"),
    "sisimai/lhost-dragonfly-01.eml": ("pseudo-local-part@google.example.com", "5.7.26", "other"),
    "sisimai/lhost-gmx-02.eml": ("shironeko@example.jp", "5.1.1", "hard"),
    "sisimai/lhost-office365-01.eml": ("kijitora@example.com", "5.1.10", "hard"),
    "sisimai/lhost-office365-12.eml": ("kijitora@cr.neko.nyaan.jp", "5.2.2", "soft"),
    "sisimai/lhost-postfix-17.eml": ("kijitora@example.org", "5.4.4", "hard"),
    "sisimai/lhost-sendmail-17.eml": ("kijitora@example.net", "5.1.6", "hard"),
    "sisimai/lhost-x2-04.eml": ("kijitora@example.jp", "", "soft"),
    "sisimai/lhost-yahoo-08.eml": ("mailboxfull@libsisimai.org", "5.2.2", "soft"),
    "sisimai/lhost-yandex-01.eml": ("kijitora@example.jp", "5.1.1", "hard"),
    "sisimai/rfc3464-06.eml": ("kijitora@example.net", "5.5.0", "other"),
    "sisimai/rhost-aol-06.eml": ("neko@libsisimai.org", "5.4.4", "hard"),
    "sisimai/is-not-bounce-02.eml": None,
    "sisimai/lhost-sendmail-14.eml": None,  # a person forwarded one
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_reports_what_its_writer_meant(name):
    found = read(sample(name))
    told = found and (
        found.what,
        found.message_id,
        found.sender,
        [(one.address, one.action, one.status, one.kind) for one in found.recipients],
    )
    assert told == TRUTH[name]


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not here")
@pytest.mark.parametrize("name", THEIRS)
def test_reports_of_real_servers_are_read(name):
    found = read((CORPORA / name).read_bytes())
    told = found and (found.recipients[0].address, found.recipients[0].status, found.recipients[0].kind)
    assert told == THEIRS[name]


def test_a_complaint_says_of_what_kind_it_is():
    found = read(sample("complaint"))
    assert found and found.feedback == "abuse"


def test_what_a_server_said_is_kept_short_and_without_control_characters():
    fields = (
        "Final-Recipient: rfc822; bob@example.org\nStatus: 5.0.0\nDiagnostic-Code: smtp; \x1b[2J" + "x" * 900
    )
    found = read(report("delivery-status", fields + "\n").encode())
    assert found and len(found.recipients[0].said) == 500 and "\x1b" not in found.recipients[0].said


def test_a_report_of_thousands_is_cut_short():
    groups = "\n".join(f"Final-Recipient: rfc822; u{n}@example.org\nStatus: 5.1.1\n" for n in range(3000))
    found = read(report("delivery-status", groups).encode())
    assert found and len(found.recipients) == 100
    found = read(words("".join(f"<u{n}@example.org>: 550 5.1.1 no\n" for n in range(3000))).encode())
    assert found and len(found.recipients) == 50


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\r\n", b"From: MAILER-DAEMON\n", b"From: <>\n\n" + b"@" * 5000]
)
def test_whatever_comes_is_read_without_a_fault(data):
    assert read(data) is None


def test_an_address_named_thousands_of_times_is_read_at_once():
    assert read(words("bob@a.bc " * 7000 + "550 5.1.1 no").encode()) is None
    found = read(words("bob@a.bc " * 200 + "550 5.1.1 no").encode())
    assert found and [one.status for one in found.recipients] == ["5.1.1"]

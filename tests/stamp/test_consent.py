"""Which mails may be cut: each refusal by its name, and nothing refused without need."""

from __future__ import annotations

import base64
import csv
import quopri

import pytest

from stationer.stamp import Stamped, Untouched, consent, stamp
from stationer.stamp.sealed import armoured
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

BASE64 = "Content-Transfer-Encoding: base64"
SIGNED_CMS, ENVELOPED_CMS = (
    base64.b64encode(bytes.fromhex(f"30800609 2a864886f70d0107{kind} a080")).decode() for kind in ("02", "03")
)


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def encoded(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


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
    "a mixture that is an attachment": ("no-body", multi("mixed", "Content-Type: multipart/mixed; boundary=i\nContent-Disposition: attachment\n\n--i\n\nx\n--i--")),
    "S/MIME, of no stated kind but signed by its content": ("signed", single(f"application/pkcs7-mime; name=smime.p7m\n{BASE64}", body=SIGNED_CMS)),
    "S/MIME as octets, signed by its content": ("signed", single(f"application/octet-stream; name=smime.p7m\n{BASE64}", body=SIGNED_CMS)),
    "S/MIME, enveloped by its content": ("encrypted", single(f"application/pkcs7-mime\n{BASE64}", body=ENVELOPED_CMS)),
    "S/MIME with authentication": ("encrypted", single("application/pkcs7-mime; smime-type=authEnveloped-data")),
    "S/MIME, compressed": ("encrypted", single("application/octet-stream; name=smime.p7z")),
    "S/MIME, certificates only": ("signed", single("application/pkcs7-mime; smime-type=certs-only")),
    "S/MIME in a disposition of several parameters": (
        "encrypted", single("application/octet-stream\nContent-Disposition: attachment; filename=smime.p7m; size=12")
    ),
    "S/MIME in a list's frame": ("encrypted", multi("mixed", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMII", TEXT)),
    "signature file mangled to octets": ("signed", multi("mixed", TEXT, "Content-Type: application/octet-stream; name=smime.p7s\n\nMII")),
    "frame mangled, its parameters left": ("encrypted", multi("mixed", TEXT, more='; protocol="application/pgp-encrypted"')),
    "signed frame mangled, its digest left": ("signed", multi("mixed", TEXT, more="; micalg=pgp-sha512")),
    "PGP/MIME mangled, its armour left": ("encrypted", multi("mixed", TEXT, "Content-Type: application/octet-stream; name=a.dat\n\n" + ENCRYPTED_PGP)),
    "PGP/MIME mangled, its armour left in base64": (
        "encrypted", multi("mixed", TEXT, f"Content-Type: application/octet-stream\n{BASE64}\n\n{encoded(ENCRYPTED_PGP)}")
    ),
    "PGP signature mangled to a file": (
        "signed", multi("mixed", TEXT, "Content-Type: text/plain; name=signature.asc\nContent-Disposition: attachment\n\n-----BEGIN PGP SIGNATURE-----\n")
    ),
    "PGP of before MIME": ("signed", single("application/pgp; format=text; x-action=sign")),
    "PGP of before MIME, encrypted": ("encrypted", single("application/pgp; x-action=encrypt")),
    "PGP set-up message": ("encrypted", multi("mixed", TEXT, "Content-Type: application/autocrypt-setup\n\n<html>")),
    "PGP in a text of quoted-printable": (
        "signed", single("text/plain\nContent-Transfer-Encoding: quoted-printable", body=SIGNED_PGP.replace("-", "=2D"))
    ),
    "PGP in HTML of one line": ("encrypted", single("text/html", body="<html><p>Hello</p><div>-----BEGIN PGP MESSAGE-----<br>hQEM</div>")),
    "PGP behind words": ("signed", single("text/plain", body="Hello,\n\n" + SIGNED_PGP)),
    "PGP below a quoted one": ("encrypted", single("text/plain", body=quoted(SIGNED_PGP) + ENCRYPTED_PGP)),
    "PGP below a quoted one in HTML": ("encrypted", single("text/html", body=f"<blockquote>{SIGNED_PGP}</blockquote><pre>{ENCRYPTED_PGP}")),
    "PGP inside an attached message": ("encrypted", multi("mixed", TEXT, "Content-Type: message/rfc822\n\nFrom: x@y.example\n\n" + ENCRYPTED_PGP)),
    "signed inside an attached message in base64": (
        "signed", multi("mixed", TEXT, f"Content-Type: message/rfc822\n{BASE64}\n\n{encoded('Content-type: Multipart/Signed; boundary=q')}")
    ),
    "rights management by name": ("protected", multi("mixed", TEXT, 'Content-Type: application/octet-stream; name="message_v4.rpmsg"\n\nx')),
    "meeting as a file that asks": ("calendar", multi("mixed", TEXT, "Content-Type: application/ics; name=invite.ics\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\n")),
    "calendar attached as text": ("calendar", multi("mixed", TEXT, "Content-Type: text/calendar; name=a.ics\nContent-Disposition: attachment\n\nMETHOD:PUBLISH")),
    "meeting by Outlook's fields": ("calendar", single("text/plain", "X-MICROSOFT-CDO-OWNERAPPTID: 1\n")),
    "meeting by Exchange's fields": ("calendar", single("text/plain", "X-MS-Exchange-Calendar-Series-Instance-Id: 1\n")),
    "recall": ("calendar", single("text/plain", "Content-Class: urn:content-classes:recallmessage\n")),
    "report by class": ("report", single("text/plain", "Content-Class: urn:content-classes:mdn\n")),
    "report of the oldest form": ("report", f"From: Mail Delivery <MAILER-DAEMON@b.example>\n\n{TEXT}".encode()),
    "report by class, quoted": ("report", single("text/plain", 'Content-Class: "urn:content-classes:dsn"\n')),
    "report from nobody": ("report", single("text/plain", "Return-Path: <>\n")),
    "absence note from nobody": ("auto-reply", single("text/plain", "Return-Path: <>\nAuto-Submitted: auto-replied\n")),
    "abuse report": ("report", multi("report", TEXT, "Content-Type: message/feedback-report\n\nx", more="; report-type=feedback-report")),
    "notice of a program": ("auto-reply", single("text/plain", "Auto-Submitted: (by cron) auto-generated\n")),
    "absence note by precedence": ("auto-reply", single("text/plain", "X-Precedence: auto_reply\n")),
    "absence note of CommuniGate": ("auto-reply", single("text/plain", "X-Autogenerated: Reply\n")),
    "part of a mail": ("partial", single("message/partial; id=a; number=1; total=2")),
    "body that is elsewhere": ("partial", single("message/external-body; access-type=URL")),
    "TNEF by name": ("tnef-only", multi("mixed", "Content-Type: application/octet-stream; name=winmail.dat\n\nx")),
    "TNEF beside an empty text": ("tnef-only", multi("mixed", "Content-Type: text/plain\n\n \n", "Content-Type: application/ms-tnef\n\nx")),
    "list with an HTML footer": ("list-footer", multi("mixed", TEXT, "Content-Type: text/html\n\n<hr>list", head="X-BeenThere: l@b.example\n")),
    "too deep": ("unparseable", ("X: y\n" + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(70)) + "\nx").encode()),
    "too many parts": ("unparseable", multi("mixed", *["\nx"] * 2500)),
    "too many fields": ("unparseable", b"A: b\n" * 2500 + b"\nwords"),
    "too long a header": ("unparseable", b"From: a@b.example\nA: " + b"\n ".join([b"x" * 900] * 1300) + b"\n\nwords"),
    "one boundary for two": ("unparseable", multi("mixed", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--")),
    "unknown charset": ("unparseable", single("text/plain; charset=x-martian", body="w\u00f6rds\n")),
    "text that is not its charset": ("unparseable", single("text/plain; charset=us-ascii", body="w\u00f6rds\n")),
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
        single("text/plain", "X-Auto-Response-Suppress: All\nPrecedence: bulk\n"),
        single("text/plain", "X-Autoreply: no\nSensitivity: Company-Confidential\n"),
        single("text/plain", "Content-Class: urn:content-classes:message\nReturn-Path: <a@b.example>\n"),
        single("text/plain", body="The line -----BEGIN PGP MESSAGE----- starts it.\n"),
        single("text/html", body="<p>new</p><blockquote>old<pre>" + SIGNED_PGP + "</pre></blockquote>"),
        single("text/html", body="new<br>" + quoted(SIGNED_PGP).replace(">", "&gt;")),
        multi(
            "mixed",
            TEXT,
            "Content-Type: application/ics; name=event.ics\n\nBEGIN:VCALENDAR\nMETHOD:PUBLISH\n",
        ),
        multi(
            "mixed", TEXT, "Content-Type: message/external-body; access-type=URL\n\nContent-Type: image/png\n"
        ),
        multi("mixed", "Content-Type: application/pdf\n\nx", TEXT, head="List-Id: <l.example>\n"),
        multi("mixed", TEXT, "Content-Type: application/pkix-cert; name=me.cer\n\nMII"),
        multi(
            "related",
            "Content-Type: image/png\n\nx",
            "Content-Type: text/html\n\n<p>",
            more='; type="text/html"',
        ),
        multi(
            "mixed",
            TEXT,
            f"Content-Type: application/octet-stream\n{BASE64}\n\n{encoded('-----BEGIN CERTIFICATE')}",
        ),
        single("text/html\nContent-Transfer-Encoding: 8bit", body="a\r\r\n<p>b\r\r\n"),
        single("text/plain", body=""),
        b"From: a@b.example\n\nwords",
    ],
)
def test_a_mail_that_may_be_cut_is_not_refused(mail):
    assert consent(mail) is None
    assert isinstance(stamp(mail, RICH), Stamped)


@pytest.mark.parametrize(
    "head",
    ["From: MAILER-DAEMON <>", 'From: "MAILER-DAEMON" <>', 'From: "MAILER-DAEMON"@x.org', "From: <mailer-daemon>",
     "From: MAILER-DAEMON (Mail Delivery System)", "From: MAILER-DAEMON@x (Mail (sub) System)", "From: <>", "From: < >",
     "From: Mail Delivery System <>", "From: Mail Delivery System\n <> (nobody)", "Return-Path: < >",
     "Return-Path: <MAILER-DAEMON>", "Return-Path: MAILER-DAEMON@x", 'Return-Path: <"mailer-daemon"@x>'],
)  # fmt: skip
def test_what_nobody_or_the_server_sent_is_a_report(head):
    author = "" if head.startswith("From") else "From: a@b.example\n"
    assert consent(f"{head}\n{author}To: c@d.example\n{TEXT}".encode()) == "report"


@pytest.mark.parametrize(
    "head",
    ['From: "Friends of MAILER-DAEMON" <a@b.example>', "From: no-mailer-daemon@b.example", 'From: "<>" <a@b.example>',
     "From: mailer-daemon-fan@b.example", "From: a@b.example\nReturn-Path: <a@b.example>"],
)  # fmt: skip
def test_what_only_sounds_like_the_server_is_no_report(head):
    assert consent(f"{head}\nTo: c@d.example\n{TEXT}".encode()) is None


@pytest.mark.parametrize(
    ("lead", "begins"),
    [("", True), ("words\n \t", True), ("<p>", True), ("x <b\n>&nbsp; &#160;\u00a0", True), ("words\n&nbsp;&nbsp;", True),
     ("words ", False), ("> ", False), ("a > b > ", False), ("words&nbsp;", False), ("words\n\u00a0x ", False),
     ("words < ", False), (" " * 400, True)],
)  # fmt: skip
def test_an_armour_counts_behind_a_line_end_or_a_tag_alone(lead, begins):
    assert armoured(f"{lead}{ENCRYPTED_PGP}".encode()) == ("encrypted" if begins else None)


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


#: Signature files in a mixture, which the tags do not know.
BEYOND = {"mikel-mail/raw_email2.eml", "mikel-mail/raw_email7.eml"}
#: What a tag of other projects' mails asks of us.
TAGGED = {
    "calendar": "calendar",
    "report": "report",
    "dsn": "report",
    "mdn": "report",
    "partial": "partial",
    "arf": "report",
}


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not here")
@pytest.mark.parametrize("row", index(), ids=lambda row: row["path"])
def test_a_mail_of_other_projects_is_refused_by_its_tags_and_only_then(row):
    found = consent((CORPORA / row["path"]).read_bytes())
    due = {TAGGED[tag] for tag in row["features"].split(";") if tag in TAGGED}
    if row["signed"]:
        due = {"signed", "encrypted"}
    assert (
        found in due
        if due
        else found not in {"signed", "encrypted", "calendar", "partial"} or row["path"] in BEYOND
    )


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not here")
@pytest.mark.parametrize("row", [row for row in index() if row["signed"]], ids=lambda row: row["path"])
def test_every_signed_or_encrypted_mail_of_other_projects_is_refused(row):
    assert consent((CORPORA / row["path"]).read_bytes()) in ("signed", "encrypted")


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_our_own_mails_may_be_cut(path):
    assert consent(path.read_bytes()) is None


@pytest.mark.parametrize(
    "lead", ["", "\r\n", "\n", " ", "\t", "\N{BYTE ORDER MARK}", "\N{BYTE ORDER MARK}\r\n"]
)
def test_an_armoured_file_is_known_behind_white_space_and_a_byte_order_mark(lead):
    held = base64.b64encode((lead + ENCRYPTED_PGP).encode()).decode()
    file = f"Content-Type: application/octet-stream; name=encrypted.asc\n{BASE64}\n\n{held}\n"
    assert consent(multi("mixed", TEXT, file)) == "encrypted"


@pytest.mark.parametrize("before", range(45, 60))
def test_an_armour_is_known_where_a_soft_line_break_parts_its_words(before):
    html = f'<div class="{"x" * before}">-----BEGIN PGP MESSAGE-----<br>hQEM<br></div>'
    body = quopri.encodestring(html.encode()).decode()
    mail = single("text/html", "Content-Transfer-Encoding: quoted-printable\n", body)
    assert consent(mail) == "encrypted"


@pytest.mark.parametrize(
    "body",
    [
        "Content-Type: text/html\n\n<html><body><br>&nbsp;</body></html>\n",
        "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n=A0\n",
    ],
)
def test_beside_outlooks_own_format_a_body_without_words_is_none(body):
    winmail = f"Content-Type: application/ms-tnef; name=winmail.dat\n{BASE64}\n\nAAAA\n"
    assert consent(multi("mixed", body, winmail)) == "tnef-only"
    assert consent(multi("mixed", TEXT, winmail)) is None


@pytest.mark.parametrize("behind", ["SGVsbG8sIGFnYWluIQ==", "\n_____\nthe list's footer"])
def test_base64_with_more_behind_its_padding_is_left_as_it_is(behind):
    body = base64.b64encode(b"Hello, a longer text").decode() + "\n" + behind + "\n"
    assert stamp(single("text/plain", BASE64 + "\n", body), RICH) == Untouched("unparseable")

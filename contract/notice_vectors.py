"""Vectors of notifications (contract/notice.md §8): a PEN, mails, what travels, what is proven, what is restored."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import date
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stationer import notice
from stationer.mime import joined, splice
from stationer.notice import Key, Notification, Package, Pen, Restored, Via

AT = 1_795_343_400_000  # 2026-11-22T09:30:00Z


def key(name: str, first: int) -> Key:
    """A pair that everyone knows: never one of a real PEN."""
    private = bytes(range(first, first + 32))
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return Key(name, public, private)


PEN = Pen(
    "pen_harbour", "Harbour Dental", "mail.harbourdental.example", (key("k2", 64), key("k1", 0)),
    address="4 Custom House Quay, Falmouth TR11 3JT", phone="01632 960 142", colour="#0e6e73",
    packages={
        "employees": Package(
            ("@harbourdental.example",),
            {"en": "Meant for the person addressed.", "de": "Nur für die angeschriebene Person."},
            {"en": "This letter may be about your health."},
        ),
        "guests": Package(("*",)),
    },
)  # fmt: skip
LOCAL = msgspec.structs.replace(PEN, host="localhost:8000")
OLD = msgspec.structs.replace(PEN, keys=(key("k1", 0),))
STRANGER = msgspec.structs.replace(PEN, keys=(key("k3", 128),))

ADDRESSES = (
    "Bob@Harbourdental.EXAMPLE", '"bob"@harbourdental.example', '"b o b"@harbourdental.example',
    "bob@straße.example", "bob@STRASSE.example.", "BÖB@harbourdental.example", "bo\u0308b@harbourdental.example",
)  # fmt: skip

HOSTS = (
    "mail.harbourdental.example", "mail.harbourdental.example:8443", "harbour", "localhost", "localhost:8000",
    "harbour.localhost:8000", "127.0.0.1:8000", "127.0.0.2", "127.1:80", "[::1]:8000", "[::1]", "::1", "[::2]:8000",
    "LOCALHOST:8000", "localhost.:8000", "localhost:0", "localhost:08", "localhost:65536", "localhost:",
    "localhost:8000/", "a@localhost:8000", "localhost.example:8000", "localhost:8000.example", "-a.localhost",
    "192.168.0.1:80",
)  # fmt: skip

SUBJECTS = (
    b"Subject: [secure] Your results\r\n",
    b"Subject: Your results [SECURE]\r\n",
    b"Subject: Re: [secure]\r\n Your results\r\n",
    b"Subject: [secure]\r\n",
    b"Subject: [secure] one [secure] two\r\n",
    b"Subject: =?utf-8?Q?[secure]_Gr=C3=BC=C3=9Fe?=\r\n",
    b"Subject: =?iso-8859-1?B?W3NlY3VyZV0gR3L832U=?=\r\n\t=?iso-8859-1?Q?_aus_K=F6ln?= an Sie\r\n",
    b"Subject: =?utf-8?Q?=5Bsecure=5D?= Your results\r\n",
    b"Subject: secure [secured] {secure}\r\n",
    b"Subject: [=?utf-8?Q?secure?=] Your results\r\n",
    b"Subject:\r\n [secure]\r\n",
    b"Subject: =?utf-8?Q?Your?= [secure] =?utf-8?Q?results?=\r\n",
)

PLAIN = (
    b'From: "Dr Bob Hendry" <bob@harbourdental.example>\r\nTo: Carol <carol@example.org>,\r\n\tDave@Example.ORG\r\n'
    b"Cc: Friends: erin@example.net;\r\nBcc: frank@example.net\r\nSubject: [secure] Your results\r\n"
    b"Date: Sun, 22 Nov 2026 09:29:58 +0000\r\nMessage-ID: <7GQ4@harbourdental.example>\r\n"
    b"X-Mailer: Secret\r\nStationer-Seal: yes\r\nKeywords: secret\r\n\r\nYour results are secret.\r\n"
)
GUEST = (
    b"From: =?utf-8?Q?J=C3=BCrgen_=3Cb=3E?= <j@example.org>\nTo: bob@harbourdental.example\nSubject: Re: Your results\n"
    b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nThank you.\n"
    b"--x\nContent-Disposition: attachment; filename=a.pdf\n\nPDF\n--x--\n"
)
VIA = Via("notify@mail.harbourdental.example")
#: A guest's answer as a page makes it; another's address stands in it twice, and neither may leave.
FROM_CAROL = b"From: Carol Winter <Carol@example.org>\r\n"
HOME = b"Sender: carol@home.example\r\nReply-To: carol@home.example\r\n"
CAROL = (
    FROM_CAROL
    + HOME
    + (
        b"To: Dr Bob Hendry <bob@harbourdental.example>\r\nSubject: Re: Your results\r\n"
        b"Date: Sun, 22 Nov 2026 09:29:58 +0000\r\nMessage-ID: <8HR5@mail.harbourdental.example>\r\n\r\nThank you.\r\n"
    )
)
#: Several authors, one with an address that has to be escaped; without a name that may be shown.
SEVERAL = (
    b'From: "b@c.example" <"d, e"@example.org>, carol@example.org\r\nTo: f@example.net\r\n'
    b"Subject: Hello\r\n\r\nHello\r\n"
)
NOBODY = b"Subject: nobody\r\n\r\nHello\r\n"
#: A CR alone, or a NUL, ends a line or a value for some programs: what stands behind it would leave.
TORN = (
    ("line ends that are CRs alone", NOBODY.replace(b"\r\n", b"\r")),
    ("a CR alone in the subject", PLAIN.replace(b"results\r\nDate", b"results\rKeywords: merger\r\nDate")),
    ("a NUL in the subject", PLAIN.replace(b"Your results\r", b"Your\0results\r")),
)
ADDED = (
    b"Reply-To: mallory@example.net\r\nSender: mallory@example.net\r\nIn-Reply-To: <0@example.net>\r\n"
    b"Disposition-Notification-To: mallory@example.net\r\n"
)
WAY = (
    b"Return-Path: <bob@harbourdental.example>\r\nReceived: from a.example by mx.example.org\r\n"
    b"\twith ESMTPS; Sun, 22 Nov 2026 09:30:01 +0000\r\nAuthentication-Results: mx.example.org; dkim=pass\r\n"
)


def octets(data: bytes) -> str:
    """Base64 as RFC 4648 §4 writes it."""
    return b64encode(data).decode("ascii")


def made(mail: bytes, message: str = "msg_7gq4", by: Pen = PEN, **more: Any) -> bytes:
    """The notification of a mail that has one."""
    answer = notice.compose(mail, by, message, AT, **more)
    assert isinstance(answer, Notification)
    return answer.mail


def short(mail: bytes) -> bytes:
    """The same header before a body of one line: the body is not signed, only where it leads counts."""
    header = mail[: mail.index(b"MIME-Version")]
    link = (
        b'<p>Go to <a href="https://mail.harbourdental.example/m/msg_7gq4">mail.harbourdental.example</a></p>'
    )
    return header + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + link + b"\r\n"


LONG = PLAIN.replace(b"erin@", b"e" * 320 + b"@")
REFUSED = (
    ("no header", b"hello\r\n"),
    ("announced already", made(PLAIN)),
    *TORN,
    ("an address that is too long", LONG),
)


def _notifications() -> list[dict[str, Any]]:
    cases: list[tuple[str, bytes, dict[str, Any]]] = [
        ("an employee's letter", PLAIN, {}),
        ("a guest's answer, with an attachment and bare line feeds", GUEST, {}),
        ("in two languages, until a day", PLAIN, {"languages": ("de-AT", "en"), "until": date(2027, 2, 19)}),
        ("from nobody to nobody", NOBODY, {}),
        ("a guest's, via the PEN", CAROL, {"via": VIA}),
        ("a guest's in another script, via the PEN", GUEST, {"via": VIA}),
        ("a member's, who is answered", CAROL, {"via": VIA._replace(reply_to="Carol@mail.harbourdental.example")}),
        ("answers may not lead out of one company", CAROL, {"via": VIA._replace(reply_to="carol@example.org")}),
        ("answers may lead elsewhere of strangers", SEVERAL, {"via": VIA._replace(reply_to="carol@example.org")}),
        ("nobody's, via the PEN", NOBODY, {"via": VIA}),
    ]  # fmt: skip
    return [_notification(name, mail, more) for name, mail, more in cases] + [
        {"name": name, "mail": octets(mail), "refused": _refusal(mail)} for name, mail in REFUSED
    ]


def _notification(name: str, mail: bytes, more: dict[str, Any]) -> dict[str, Any]:
    answer = notice.compose(mail, PEN, "msg_7gq4", AT, **more)
    assert isinstance(answer, Notification)
    who = notice.parties(mail)
    assert who is not None
    via: Via | None = more.get("via")
    signed = notice.signed_octets(who, PEN.id, "msg_7gq4", AT, PEN.host, via.address if via else "")
    return {
        "name": name,
        "mail": octets(mail),
        "id": "msg_7gq4",
        "at": AT,
        "languages": list(more.get("languages", ())),
        "until": str(more.get("until", "")),
        "via": {"address": via.address, "reply_to": via.reply_to} if via else None,
        "notification": octets(answer.mail),
        "signed": octets(signed),
        "version": answer.version,
        "package": answer.package,
    }


def _refusal(mail: bytes) -> str:
    answer = notice.compose(mail, PEN, "msg_7gq4", AT)
    assert isinstance(answer, notice.Refused)
    return answer.reason


def _proofs() -> list[dict[str, Any]]:
    sent = short(made(PLAIN))
    old = notice.compose(PLAIN, OLD, "msg_old", AT)
    strange = notice.compose(PLAIN, STRANGER, "msg_7gq4", AT)
    assert isinstance(old, Notification)
    assert isinstance(strange, Notification)
    away = sent.replace(b'="https://mail.harbourdental.example', b'="https://evil.example')
    renamed = sent.replace(b'"Dr Bob Hendry"', b"Bob").replace(b",\r\n\t", b", ")
    renamed = renamed.replace(b"Your", b"=?utf-8?Q?Your?=")
    cases = [
        ("as sent", sent),
        ("with an older key", short(old.mail)),
        ("with what the way added", WAY + sent),
        ("names, folding and subject changed", renamed),
        ("no notification", PLAIN),
        ("two fields", b"Stationer-Notification: v=1\r\n" + sent),
        ("no time", sent.replace(b" t=", b" x=")),
        ("version 2", sent.replace(b"v=1;", b"v=2;")),
        ("another PEN", sent.replace(b"pen=pen_harbour", b"pen=pen_other")),
        ("a stranger's key", short(strange.mail)),
        ("another recipient", sent.replace(b"carol@", b"mallory@")),
        ("one recipient more", sent.replace(b"Cc: ", b"Cc: mallory@example.net, ")),
        ("an address more that is too long", sent.replace(b"Cc: ", b"Cc: " + b"e" * 320 + b"@example.net, ")),
        ("another sender", sent.replace(b"<bob@", b"<eve@")),
        ("another id", sent.replace(b"id=msg_7gq4", b"id=msg_7gq5")),
        ("another time", sent.replace(b"t=1", b"t=2")),
        ("a link to another host", away),
        ("a link that is not secure", sent.replace(b'="https:', b'="http:')),
        ("a link to a port", sent.replace(b"example/m/", b"example:8443/m/")),
        ("signed for one's own machine", made(PLAIN, by=LOCAL)),
        ("an unknown transfer encoding", _as(sent, b"text/html", b"x-weird")),
        ("base64 with an octet behind its end", _as(sent, b"text/html", b"base64", b"d29yZHM=*")),
        ("a page by another name", _as(sent, b"application/xhtml+xml")),
        ("a drawing, which may hold links", _as(sent, b"image/svg+xml")),
        ("a mail in the mail", _as(sent, b"message/rfc822", body=b"Subject: x\r\n\r\nwords")),
    ]
    cases += _proofs_via()
    return [{"name": name, "notification": octets(mail), **_proven(mail)} for name, mail in cases]


def _proofs_via() -> list[tuple[str, bytes]]:
    """What went via the PEN, and what could be made of it."""
    sent = short(made(CAROL, via=VIA))
    own = short(made(CAROL.replace(HOME, b"")))
    put = own.replace(b" s=", b" a=carol@example.org; s=")
    wrote = b" a=carol@example.org;"
    line = b'From: "Carol Winter via Harbour Dental" <notify@mail.harbourdental.example>\r\n'
    assert wrote in sent and line in sent
    return [
        ("via the PEN", sent),
        ("via the PEN, called otherwise on the way", sent.replace(b"Carol Winter via", b"Carol via")),
        ("via the PEN, folded in its authors", sent.replace(b"a=carol", b"a =\r\n car\r\n ol")),
        ("of several authors via the PEN", short(made(SEVERAL, via=VIA))),
        ("nobody's via the PEN", short(made(NOBODY, via=VIA))),
        ("via another address", sent.replace(b"<notify@", b"<eve@")),
        ("via the author's own address", sent.replace(b"<notify@mail.harbourdental.example>", b"<carol@example.org>")),
        ("via two addresses", sent.replace(b"<notify@", b"<eve@example.net>, <notify@")),
        ("via nobody", sent.replace(line, b"")),
        ("without its authors", sent.replace(b"\r\n" + wrote, b"")),
        ("with another author", sent.replace(wrote, b" a=eve@example.org;")),
        ("with one author more", sent.replace(wrote, b" a=carol@example.org,eve@example.org;")),
        ("with nobody for an author", sent.replace(wrote, b" a=;")),
        ("with authors twice", sent.replace(wrote, wrote * 2)),
        ("with an author that is no address", sent.replace(wrote, b" a=carol;")),
        ("with an author in capitals", sent.replace(wrote, b" a=Carol@example.org;")),
        ("with authors in another order", sent.replace(wrote, b" a=eve@example.org,carol@example.org;")),
        ("with an author escaped by halves", sent.replace(wrote, b" a=carol%4@example.org;")),
        ("with an author of torn UTF-8", sent.replace(wrote, b" a=%FFcarol@example.org;")),
        ("an author's own, with authors put in", put),
        ("the same without its From", put.replace(FROM_CAROL, b"")),
    ]  # fmt: skip


def _loopback() -> dict[str, Any]:
    """The same PEN on one's own machine."""
    sent = short(made(PLAIN, by=LOCAL)).replace(
        b"https://mail.harbourdental.example", b"http://localhost:8000"
    )
    cases = [
        ("as made", made(PLAIN, by=LOCAL)),
        ("as sent", sent),
        ("a link to another port", sent.replace(b":8000/", b":8001/")),
        ("a link without the port", sent.replace(b":8000/", b"/")),
        ("a link by https", sent.replace(b"http:", b"https:")),
        ("a link to the same machine by another name", sent.replace(b"//localhost", b"//127.0.0.1")),
        ("a link to another machine", sent.replace(b"//localhost:8000", b"//mail.harbourdental.example")),
        ("signed for the PEN's host", made(PLAIN)),
    ]
    return {
        "host": LOCAL.host,
        "proofs": [
            {"name": name, "notification": octets(mail), **_proven(mail, LOCAL)} for name, mail in cases
        ],
    }


def _as(sent: bytes, kind: bytes, coding: bytes = b"7bit", body: bytes = b"words") -> bytes:
    """The same header before a body of another kind."""
    said = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: " + coding
    return sent[: sent.index(b"Content-Type")] + said + b"\r\n\r\n" + body + b"\r\n"


def _proven(mail: bytes, by: Pen = PEN) -> dict[str, Any]:
    answer = notice.read(mail, by)
    if isinstance(answer, notice.Proof):
        return {
            "id": answer.id,
            "at": answer.at,
            "key": answer.key,
            "authors": list(answer.parties.authors),
            "via": answer.via,
        }
    return {"refused": answer.reason}


def _restored() -> list[dict[str, Any]]:
    sent = short(made(PLAIN))
    via = short(made(CAROL, via=VIA))
    answered = short(made(SEVERAL, via=VIA._replace(reply_to="carol@example.org")))
    changed = WAY + sent.replace(b"Subject: ", b"Subject: [list] ").replace(b"09:29:58", b"09:29:59")
    cases = [
        ("at once", sent, PLAIN),
        ("after its way", WAY + sent, PLAIN),
        ("subject and date changed", changed, PLAIN),
        ("added where answers and receipts would go", ADDED + WAY + sent, PLAIN),
        ("sent on by a list", b"List-Id: <l.example.org>\r\nResent-From: l@example.org\r\n" + sent, PLAIN),
        ("a field with a CR alone", b"X-Way: a\rReply-To: mallory@example.net\r\n" + sent, PLAIN),
        ("a guest's, bare line feeds", WAY + short(made(GUEST)), GUEST),
        ("another's content", sent, GUEST),
        ("content with an address that is too long", sent, LONG),
        ("content without a header", sent, b"hello\r\n"),
        ("not proven", sent.replace(b"carol@", b"mallory@"), PLAIN),
        ("via the PEN", WAY + via, CAROL),
        ("via the PEN, to be answered", WAY + answered, SEVERAL),
        ("via the PEN, with a sender and a place for answers put in", ADDED + via, CAROL),
        ("via the PEN, another's content", via, CAROL.replace(b"Carol@example.org", b"eve@example.org")),
        (
            "via the PEN, its content from the PEN",
            via,
            CAROL.replace(b"Carol@example.org", VIA.address.encode()),
        ),
    ]
    return [_restoring(*case) for case in cases]


def _restoring(name: str, received: bytes, content: bytes) -> dict[str, Any]:
    answer = notice.restore(received, content, PEN)
    said: dict[str, Any] = {"name": name, "received": octets(received), "content": octets(content)}
    if isinstance(answer, Restored):
        return said | {"restored": octets(answer.mail), "changed": list(answer.changed)}
    return said | {"refused": answer.reason}


def _descriptors() -> dict[str, Any]:
    """What programs learn of a PEN; `known`: the keys that a reader knows already."""
    sound = notice.described(PEN, "controlled", "/o/device-authorization/", AT)
    said = msgspec.to_builtins(sound)
    whole = msgspec.json.encode(sound)
    first, old, strange = (
        [octets(key(name, at).public)] for name, at in (("k2", 64), ("k1", 0), ("k3", 128))
    )
    cases: list[tuple[str, bytes, list[str]]] = [
        ("as made, met first", whole, []),
        ("by whoever knows the key that signs", whole, first),
        ("by whoever knows the one before", whole, old),
        ("by whoever knows another", whole, strange),
        ("with something of a later version in it", _put(said, later=[1]), []),
        ("version 2", _put(said, v=2), []),
        ("no version", _put(said, v=None), []),
        ("no JSON", b"{", []),
        ("another PEN", _put(said, id="pen_other"), []),
        ("another host", _put(said, host="evil.example"), []),
        ("an API elsewhere", _put(said, api="https://evil.example/api/v1"), []),
        ("an API on a host that begins so", _put(said, api="https://mail.harbourdental.example.evil.example/"), []),
        ("enrolment without TLS", _put(said, enrolment="http://mail.harbourdental.example/o/"), []),
        ("another name", _put(said, name="Harbor Dental"), []),
        ("a name of two lines", _put(said, name="Harbour\nhost=evil.example"), []),
        ("another tag", _put(said, tag="[x]"), first),
        ("a door that stands open", _put(said, access="open"), []),
        ("another time", _put(said, issued_at=AT + 1), []),
        ("without signatures", _put(said, signatures={}), []),
        ("without keys", _put(said, keys=[]), []),
        ("with a stranger's key before the others", _put(said, keys=[STRANGE, *said["keys"]]), first),
    ]  # fmt: skip
    return {
        "pen": PEN.id,
        "host": PEN.host,
        "signed": octets(notice.descriptor_octets(sound)),
        "cases": [
            {"name": name, "known": known, "octets": octets(body), **_told(body, known)}
            for name, body, known in cases
        ],
    }


STRANGE = {"id": "k3", "public": octets(STRANGER.keys[0].public)}


def _put(said: dict[str, Any], **other: Any) -> bytes:
    return msgspec.json.encode(said | other)


def _told(body: bytes, known: list[str]) -> dict[str, Any]:
    keys = [notice.PublicKey("", b64decode(one)) for one in known]
    answer = notice.discovered(body, PEN.id, PEN.host, keys)
    return {"refused": answer.reason} if isinstance(answer, notice.NotDescribed) else {}


def vectors() -> dict[str, str]:
    """Path → text."""
    untag = [(subject, joined(splice(subject, notice.untagged(subject, PEN.tag)))) for subject in SUBJECTS]
    made_of = {
        "pen": msgspec.to_builtins(PEN),
        "hosts": [
            {"host": host, "origin": notice.origin(host) if notice.is_host(host) else None} for host in HOSTS
        ],
        "addresses": [{"written": one, "canonical": notice.canonical(one)} for one in ADDRESSES],
        "tags": [{"field": octets(field), "without": octets(rest)} for field, rest in untag],
        "notifications": _notifications(),
        "proofs": _proofs(),
        "loopback": _loopback(),
        "descriptors": _descriptors(),
        "restored": _restored(),
    }
    return {f"contract/vectors/notice/{name}.json": _pretty(said) for name, said in made_of.items()}


def _pretty(said: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode() + "\n"

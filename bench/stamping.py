"""`stamp()` against Python's `email` (parse and generate alone), altermime, and copying the bytes.

One order goes into many mails, so what depends on it alone (blocks cleaned, hashed and dressed) is done once and kept;
the rows are of mails that follow the first. What the first one takes stands beside, and so does what no program in
Python does without: its library's calls alone, nothing decided.
"""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import itertools
import quopri
import random
import resource
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.row import Row, cpu_seconds, in_turns, missing, row, span
from stationer.mime import read
from stationer.stamp import Block, Order, Stamped, stamp

HTML = (
    "<table><tr><td>"
    + "Kind regards · " * 40
    + '</td></tr></table><p><a href="https://acme.example">Acme</a></p>'
)
ORDER = Order("bench", (Block("signature", HTML, "Kind regards\nAcme"),))
#: label, bytes of the whole mail, target against email, target against altermime
MAILS = (("50 KB", 50_000, 50, 20), ("1 MB", 1_000_000, 100, 100), ("25 MB", 25_000_000, 100, 100))


def _words(size: int, seed: int) -> str:
    chance = random.Random(seed)
    words = ["offer", "Grüße", "meeting", "tomorrow", "the", "and", "€ 12.50", "please", "answer", "project"]
    text = ""
    while len(text) < size:
        text += " ".join(chance.choices(words, k=12)) + "\r\n"
    return text


def _part(kind: str, encoding: str, body: bytes, more: str = "") -> bytes:
    head = f"Content-Type: {kind}\r\n{more}Content-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def _quoted(text: str) -> bytes:
    return quopri.encodestring(text.replace("\r\n", "\n").encode()).replace(b"\n", b"\r\n")


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    line = f"--{boundary}\r\n".encode()
    return head + b"".join(line + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


HEADERS = (
    b"From: Alice <alice@acme.example>\r\nTo: Bob <bob@other.example>\r\nSubject: The offer\r\n"
    b"Date: Tue, 3 Feb 2026 10:00:00 +0100\r\nMessage-ID: <a@acme.example>\r\nMIME-Version: 1.0\r\n"
)


def with_attachment(size: int) -> bytes:
    """4 KB of text, 10 KB of HTML, and an attachment that fills the mail up to `size` bytes."""
    lines = _words(9_000, 2).replace("\r\n", "<br>\r\n")
    page = f"<html><body><p>{lines}</p></body></html>"
    text = _part("text/plain; charset=utf-8", "quoted-printable", _quoted(_words(4_000, 1)))
    html = _part("text/html; charset=utf-8", "quoted-printable", _quoted(page))
    alternative = _multipart("alternative", "=_alt", [text, html])
    room = max(0, size - len(alternative) - 600)
    data = base64.encodebytes(random.Random(3).randbytes(room * 57 // 78)).replace(b"\n", b"\r\n")
    pdf = _part("application/pdf; name=offer.pdf", "base64", data, "Content-Disposition: attachment\r\n")
    return HEADERS + _multipart("mixed", "=_mix", [alternative, pdf])


def all_text(size: int) -> bytes:
    """One text part."""
    return HEADERS + _part("text/plain; charset=utf-8", "8bit", _words(size, 4).encode())


def like_outlook() -> bytes:
    """A new mail as Outlook writes one: style sheet, conditional comments, a class and a style on every paragraph."""
    rule = (
        'p.MsoNormal, li.MsoNormal\r\n\t{margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}\r\n'
    )
    style = "<style><!--\r\n/* Style Definitions */\r\n" + rule * 20 + "--></style>"
    office = '<!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]-->'
    head = f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>{style}{office}</head>'
    opened = "<p class=MsoNormal><span lang=DE style='mso-fareast-language:EN-US'>"
    lines = "".join(f"{opened}{line}<o:p></o:p></span></p>\r\n" for line in _words(8_000, 6).split("\r\n"))
    page = f'{head}<body lang=DE link="#0563C1"><div class=WordSection1>{lines}</div></body></html>'
    return _new_mail(page)


def like_gmail() -> bytes:
    """A new mail as Gmail writes one: a div for every line, no frame round it."""
    lines = _words(4_000, 7).split("\r\n")
    link = (
        '<div>See <a href="https://acme.example/offer?id=12">https://acme.example/offer?id=12</a></div>\r\n'
    )
    return _new_mail(
        '<div dir="ltr">' + "".join(f"<div>{line}<br></div>\r\n" for line in lines) + link + "</div>"
    )


def _new_mail(page: str) -> bytes:
    text = _part("text/plain; charset=utf-8", "quoted-printable", _quoted(_words(4_000, 5)))
    html = _part("text/html; charset=utf-8", "quoted-printable", _quoted(page))
    return HEADERS + _multipart("alternative", "=_alt", [text, html])


def _ours(mail: bytes, order: Order = ORDER) -> bytes:
    done = stamp(mail, order)
    if not isinstance(done, Stamped):
        raise RuntimeError(f"the bench's own mail was left untouched: {done.reason}")
    return done.bytes()


def _email(mail: bytes) -> bytes:
    return email.message_from_bytes(mail, policy=email.policy.SMTP).as_bytes()


def _altermime(mail: bytes, folder: Path) -> Callable[[], float]:
    """CPU seconds of one altermime process, reading and writing included."""
    file, text, html = folder / "mail", folder / "text", folder / "html"
    text.write_text("Kind regards\nAcme\n")
    html.write_text(HTML)
    command = ["altermime", f"--input={file}", f"--disclaimer={text}", f"--disclaimer-html={html}"]

    def measure() -> float:
        file.write_bytes(mail)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return measure


def _cpu(work: Callable[[], object], least: float) -> Callable[[], float]:
    """So many calls that a round takes a tenth of a second, at least one."""
    once = cpu_seconds(work, 1)
    return lambda: cpu_seconds(work, max(1, int(least / max(once, 1e-6))))


def rows() -> Iterator[Row]:
    """Three sizes against both peers, all text against email, 25 MB against a copy."""
    with tempfile.TemporaryDirectory() as folder:
        for label, size, of_email, of_altermime in MAILS:
            yield from _mail(label, with_attachment(size), of_email, of_altermime, Path(folder))
    text = all_text(50_000)
    works = {"ours": _cpu(lambda: _ours(text), 0.1), "email": _cpu(lambda: _email(text), 0.1)}
    yield _against_email("stamp(), 50 KB, all text", in_turns(works), 10)
    yield from _beside()
    yield from _as_written()


def _beside() -> Iterator[Row]:
    """A mail with an order that is new, made from its blocks; and the library's calls without us."""
    mail = with_attachment(50_000)
    number = itertools.count()

    def first() -> bytes:
        name = f"new-{next(number)}"
        order = Order(name, (Block("signature", HTML + name, f"Kind regards\n{name}"),))
        return _ours(mail, order)

    works = {
        "first": _cpu(first, 0.1),
        "least": _cpu(_least(mail), 0.1),
        "email": _cpu(lambda: _email(mail), 0.1),
    }
    seen = in_turns(works)
    against = f"{span(seen['email'])} CPU, email (policy.SMTP) parse + generate"
    for name, what in (("first", "the first mail of an order, 50 KB"), ("least", "nothing decided, 50 KB")):
        yield row(f"besides: {what}", f"{span(seen[name])} CPU", against, seen["email"] / seen[name], "")


def _least(mail: bytes) -> Callable[[], bytes]:
    """Delimiters found, bodies decoded, the HTML parted at its tags, a record packed, the mail joined."""
    parts = read(mail).parts
    bodies = [(part.body, part.end) for part in parts if part.type in ("text/plain", "text/html")]
    files = [part.body for part in parts if part.encoding == "base64"]
    view = memoryview(mail)

    def work() -> bytes:
        for start, end in bodies:
            mail.find(b"\n--=_", start, end)
            plain = binascii.a2b_qp(view[start:end])
            plain.decode()
        for start in files:
            mail.find(b"-", start)
        plain.replace(b">", b"<").split(b"<")
        packer = zlib.compressobj(6, zlib.DEFLATED, 9, 1)
        record = packer.compress(mail[:150]) + packer.flush()
        return b"".join((record, view[: bodies[0][1]], record, view[bodies[0][1] :]))

    return work


def _as_written() -> Iterator[Row]:
    """Beside the contract's rows, without targets: new mails as programs write them."""
    for name, mail in (("Outlook", like_outlook()), ("Gmail", like_gmail())):
        works = {"ours": _cpu(partial(_ours, mail), 0.1), "email": _cpu(partial(_email, mail), 0.1)}
        seen = in_turns(works)
        what = f"besides: stamp(), a new mail like {name}'s, {len(mail) / 1000:.0f} KB"
        against = f"{span(seen['email'])} CPU, email (policy.SMTP) parse + generate"
        yield row(what, f"{span(seen['ours'])} CPU", against, seen["email"] / seen["ours"], "")


def _mail(label: str, mail: bytes, of_email: int, of_altermime: int, folder: Path) -> Iterator[Row]:
    what = f"stamp(), 4 KB text, 10 KB HTML, attachment, {label}"
    works = {"ours": _cpu(lambda: _ours(mail), 0.1), "email": _cpu(lambda: _email(mail), 0.1)}
    works["segments"] = _cpu(lambda: stamp(mail, ORDER), 0.1)
    works["copy"] = _cpu(lambda: bytes(memoryview(mail)), 0.1)
    if shutil.which("altermime"):
        works["altermime"] = _altermime(mail, folder)
    seen = in_turns(works, 7 if len(mail) < 10_000_000 else 5)
    yield _against_email(what, seen, of_email)
    ours = f"{span(seen['ours'])} CPU"
    if "altermime" in seen:
        against = f"{span(seen['altermime'])} CPU, altermime as a process"
        yield row(what, ours, against, seen["altermime"] / seen["ours"], f"≥ {of_altermime} times")
        apart = f"besides: the same as segments, not joined, {label}"
        yield row(apart, f"{span(seen['segments'])} CPU", against, seen["altermime"] / seen["segments"], "")
    else:
        yield missing(what, "altermime is not installed (apt install altermime)", f"≥ {of_altermime} times")
    if len(mail) > 10_000_000:
        against = f"{span(seen['copy'])} CPU, copying the bytes"
        yield row(what, ours, against, seen["ours"] / seen["copy"], "≤ 1.5 times")


def _against_email(what: str, seen: dict[str, float], target: int) -> Row:
    against = f"{span(seen['email'])} CPU, email (policy.SMTP) parse + generate"
    return row(what, f"{span(seen['ours'])} CPU", against, seen["email"] / seen["ours"], f"≥ {target} times")

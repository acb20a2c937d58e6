"""Mails that a signature or an encryption of their own protects: one changed byte would break them.

Each is made by the real tools, and opened by them again: `write` with the secret words inside, and `read` back.
"""

from __future__ import annotations

import base64
import email
import email.policy
import quopri
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from trials.servers.seals import Gnupg, OpenSsl, crlf
from trials.stamping.mails import headers

SECRET = "Nobody may change this, nicht für Geld."
ENTITY = crlf(
    f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{SECRET}\n".encode()
)
NESTED = crlf(
    "Content-Type: multipart/alternative; boundary=inner\n\n"
    f"--inner\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{SECRET}\n\n"
    f"--inner\nContent-Type: text/html; charset=utf-8\n\n<p>{quopri.encodestring(b'x').decode()}</p>\n--inner--\n".encode()
)
VERSION = (
    b"Content-Type: application/pgp-encrypted\r\nContent-Description: PGP/MIME version\r\n\r\nVersion: 1\r\n"
)


class Tools:
    """What a mail is sealed and opened with."""

    def __init__(self, openssl: OpenSsl, gnupg: Gnupg) -> None:
        self.openssl, self.gnupg = openssl, gnupg


@dataclass(frozen=True)
class Protected:
    """One way to protect a mail: how it is written, and how its reader reads it (raising when it does not verify)."""

    name: str
    write: Callable[[Tools], bytes]
    read: Callable[[Tools, bytes], bytes]

    def mail(self, tools: Tools) -> bytes:
        """The whole mail."""
        mime = not (entity := self.write(tools)).lower().startswith(b"mime-version")
        lines = [line for line in headers(self.name) if mime or not line.startswith("MIME-Version")]
        return "\r\n".join(lines).encode() + b"\r\n" + entity


def multipart(kind: str, *parts: bytes) -> bytes:
    """A multipart entity of finished parts."""
    inner = b"".join(b"--=_p\r\n" + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="=_p"\r\n\r\n'.encode() + inner + b"--=_p--\r\n"


def text(body: bytes, encoding: str = "7bit") -> bytes:
    """A text part; `body` is encoded already."""
    kind = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return kind.encode() + crlf(body)


def file(kind: str, body: bytes, name: str, encoding: str = "base64") -> bytes:
    """An attachment."""
    encoded = base64.encodebytes(body) if encoding == "base64" else body
    top = f"Content-Type: {kind}; name={name}\nContent-Disposition: attachment; filename={name}\n"
    return crlf(f"{top}Content-Transfer-Encoding: {encoding}\n\n".encode() + encoded)


def pgp_mime_signed(tools: Tools, entity: bytes = ENTITY) -> bytes:
    """multipart/signed (RFC 3156 §5)."""
    signature = b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n" + tools.gnupg.sign(
        entity
    )
    return multipart(
        'signed; micalg=pgp-sha256; protocol="application/pgp-signature"', entity, crlf(signature)
    )


def pgp_mime_encrypted(tools: Tools, *words: str) -> bytes:
    """multipart/encrypted (RFC 3156 §4)."""
    sealed = b"Content-Type: application/octet-stream; name=encrypted.asc\n\n" + tools.gnupg.encrypt(
        NESTED, *words
    )
    return multipart('encrypted; protocol="application/pgp-encrypted"', VERSION, crlf(sealed))


def google_mixture(tools: Tools) -> bytes:
    """An encrypted mail that Google Workspace put into a mixture, an empty text of its own before it."""
    return multipart("mixed", text(b"\n-- \n\n\n"), pgp_mime_encrypted(tools).replace(b"=_p", b"=_inner"))


def proton_mixture(tools: Tools) -> bytes:
    """An encrypted mail whose parts Proton's bridge made attachments of a mixture."""
    sealed = tools.gnupg.encrypt(ENTITY)
    version = file("application/pgp-encrypted", b"Version: 1\r\n\r\n", "attachment.pgp")
    return multipart(
        "mixed", text(b"Empty Message"), version, file("application/octet-stream", sealed, "encrypted.asc")
    )


def exchange_attachment(tools: Tools) -> bytes:
    """An encrypted mail whose type a gateway forgot: an attachment by the name of smime.p7m."""
    der = tools.openssl.encrypt(ENTITY, "-outform", "DER")
    return multipart("mixed", text(b"See attachment"), file("application/octet-stream", der, "smime.p7m"))


def with_list_footer(tools: Tools) -> bytes:
    """A signed mail that a list wrapped, its own footer behind it."""
    signed = tools.openssl.sign(ENTITY).split(b"\r\n", 1)[1]  # the line MIME-Version stands at the top
    return multipart("mixed", signed, text(b"-- \nThe list's footer\n"))


def parts(mail: bytes) -> list[EmailMessage]:
    """All parts, outermost first."""
    whole = email.message_from_bytes(mail, _class=EmailMessage, policy=email.policy.default)
    return list(whole.walk())  # type: ignore[arg-type]


def content(mail: bytes, number: int = 0) -> bytes:
    """The decoded content of the `number`th part that is no multipart."""
    leaves = [part for part in parts(mail) if not part.is_multipart()]
    held = leaves[number].get_payload(decode=True)
    assert isinstance(held, bytes)
    return held


def between(mail: bytes, boundary: bytes = b"=_p") -> list[bytes]:
    """The raw parts between a multipart's boundaries."""
    return [piece.removesuffix(b"\r\n") for piece in mail.split(b"--" + boundary)[1:-1]]


def read_pgp_signed(tools: Tools, mail: bytes) -> bytes:
    """The signed entity as it stands in the mail, when the signature holds."""
    signed, signature = (piece.removeprefix(b"\r\n") for piece in between(mail))
    return tools.gnupg.verify(signed, signature)


def read_with_list_footer(tools: Tools, mail: bytes) -> bytes:
    """The signed mail within the list's."""
    return tools.openssl.verify(between(mail)[0].removeprefix(b"\r\n"))


PROTECTED = (
    Protected("S/MIME, clear signed", lambda t: t.openssl.sign(ENTITY), lambda t, m: t.openssl.verify(m)),
    Protected("S/MIME, clear signed, nested", lambda t: t.openssl.sign(NESTED), lambda t, m: t.openssl.verify(m)),
    Protected(
        "S/MIME, clear signed by PKCS 7", lambda t: t.openssl.sign(ENTITY, by="smime"), lambda t, m: t.openssl.verify(m)
    ),
    Protected("S/MIME, opaque", lambda t: t.openssl.sign(ENTITY, "-nodetach"), lambda t, m: t.openssl.verify(m)),
    Protected("S/MIME, enveloped", lambda t: t.openssl.encrypt(ENTITY, "-aes256"), lambda t, m: t.openssl.decrypt(m)),
    Protected(
        "S/MIME, enveloped by PKCS 7",
        lambda t: t.openssl.encrypt(ENTITY, "-des3", by="smime"),
        lambda t, m: t.openssl.decrypt(m),
    ),
    Protected(
        "S/MIME, authenticated and enveloped",
        lambda t: t.openssl.encrypt(ENTITY, "-aes-256-gcm"),
        lambda t, m: t.openssl.decrypt(m),
    ),
    Protected(
        "S/MIME, signed, then enveloped",
        lambda t: t.openssl.encrypt(t.openssl.sign(ENTITY), "-aes256"),
        lambda t, m: t.openssl.verify(t.openssl.decrypt(m)),
    ),
    Protected(
        "S/MIME, an attachment after a gateway",
        exchange_attachment,
        lambda t, m: t.openssl.decrypt(content(m, 1), "-inform", "DER"),
    ),
    Protected("S/MIME, signed, within a list's mail", with_list_footer, read_with_list_footer),
    Protected("PGP/MIME, signed", pgp_mime_signed, read_pgp_signed),
    Protected("PGP/MIME, signed, nested", lambda t: pgp_mime_signed(t, NESTED), read_pgp_signed),
    Protected("PGP/MIME, encrypted", pgp_mime_encrypted, lambda t, m: t.gnupg.open(content(m, 1))),
    Protected(
        "PGP/MIME, signed and encrypted",
        lambda t: pgp_mime_encrypted(t, "--sign"),
        lambda t, m: t.gnupg.open(content(m, 1)),
    ),
    Protected("PGP/MIME after Google Workspace", google_mixture, lambda t, m: t.gnupg.open(content(m, 2))),
    Protected("PGP/MIME after Proton", proton_mixture, lambda t, m: t.gnupg.open(content(m, 2))),
    Protected(
        "PGP, inline signed",
        lambda t: text(t.gnupg.sign(SECRET.encode(), "--clear-sign"), "8bit"),
        lambda t, m: t.gnupg.open(content(m)),
    ),
    Protected(
        "PGP, inline signed, quoted-printable",
        lambda t: text(quopri.encodestring(t.gnupg.sign(SECRET.encode(), "--clear-sign")), "quoted-printable"),
        lambda t, m: t.gnupg.open(content(m)),
    ),
    Protected(
        "PGP, inline encrypted",
        lambda t: text(b"Hello Bob,\n\n" + t.gnupg.encrypt(SECRET.encode())),
        lambda t, m: t.gnupg.open(content(m)),
    ),
    Protected(
        "PGP, inline encrypted, base64",
        lambda t: text(base64.encodebytes(t.gnupg.encrypt(SECRET.encode())), "base64"),
        lambda t, m: t.gnupg.open(content(m)),
    ),
)  # fmt: skip

"""Signed and encrypted mails: what a changed octet breaks. Their signatures are made up; their shapes are the real ones."""

from __future__ import annotations

import base64
import hashlib

from tests.conformance.making.frame import Leaf, Made, Multi, alternative, attached, body, made, mixed, raw
from tests.conformance.making.words import PAGE, PLAIN

LAW = "signed"


def der(octets: int, seed: bytes) -> str:
    """Octets that begin as a CMS ContentInfo does, in base64."""
    noise = b"".join(hashlib.sha256(seed + b"%d" % number).digest() for number in range(octets // 32))
    return base64.encodebytes(
        b"0\x82" + (octets - 4).to_bytes(2, "big") + b"\x06\x09*\x86H\x86\xf7\r\x01\x07" + noise
    ).decode()


def armour(what: str, seed: bytes, headers: str = "") -> str:
    """An OpenPGP armour (RFC 4880 §6.2) with made-up content."""
    noise = base64.b64encode(b"".join(hashlib.sha512(seed + b"%d" % number).digest() for number in range(4)))
    lines = "\n".join(noise.decode()[at : at + 64] for at in range(0, len(noise), 64))
    return f"-----BEGIN PGP {what}-----\n{headers}\n{lines}\n=aB3d\n-----END PGP {what}-----\n"


def cms(kind: str, name: str, seed: bytes, type_: str = "application/pkcs7-mime") -> Leaf:
    """An S/MIME body (RFC 8551 §3.2)."""
    parameter = f" smime-type={kind};" if kind else ""
    head = f'Content-Type: {type_};{parameter} name="{name}"\nContent-Transfer-Encoding: base64\n'
    return raw(head + f'Content-Disposition: attachment; filename="{name}"\n', der(900, seed))


def clear(protocol: str, *parts: Leaf | Multi, micalg: str = "sha-256") -> Multi:
    """multipart/signed (RFC 1847)."""
    found = Multi("signed", list(parts), f';\n protocol="{protocol}"; micalg={micalg}')
    found.preamble = (
        "This is a cryptographically signed message in MIME format.\n\n" if "pkcs7" in protocol else ""
    )
    return found


def p7s(seed: bytes, type_: str = "application/pkcs7-signature") -> Leaf:
    """A detached S/MIME signature."""
    return raw(f'Content-Type: {type_}; name="smime.p7s"\nContent-Transfer-Encoding: base64\n'
               'Content-Disposition: attachment; filename="smime.p7s"\nContent-Description: S/MIME Cryptographic Signature\n',
               der(700, seed))  # fmt: skip


def asc(seed: bytes) -> Leaf:
    """A detached OpenPGP signature (RFC 3156 §5)."""
    head = 'Content-Type: application/pgp-signature; name="signature.asc"\nContent-Description: OpenPGP digital signature\n'
    return raw(head, armour("SIGNATURE", seed))


def text() -> Leaf:
    """What was signed, a plain text."""
    return body("plain", PLAIN, "us-ascii", "7bit")


def both() -> Multi:
    """What was signed, an alternative."""
    return alternative(body("plain", PLAIN), body("html", PAGE))


def protected() -> list[Made]:
    """All of them."""
    return [*_smime(), *_pgp()]


def _left(name: str, why: str, root: Leaf | Multi, **more: object) -> Made:
    return made(name, LAW, why, root, expect="leave", **more)  # type: ignore[arg-type]


def _smime() -> list[Made]:
    signed = "application/pkcs7-signature"
    old = "application/x-pkcs7-signature"
    version = 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data;\n name="smime.p7m"\n'
    return [
        _left("smime-clear", "S/MIME signed in the clear, by Outlook", clear(signed, both(), p7s(b"1")), client="Outlook classic"),
        _left("smime-clear-text-lf", "the same with a text only and LF line ends, as a pipe gets it", clear(signed, text(), p7s(b"2")), lf=True),
        _left("smime-clear-old-names", "S/MIME under its names with x-", clear(old, text(), p7s(b"3", old), micalg="sha1")),
        _left("smime-clear-attachment", "a signed mail with an attachment inside", clear(signed, mixed(text(), attached("plan.pdf", b"%PDF plan")), p7s(b"4")), client="Thunderbird"),
        _left("smime-clear-in-mixed", "a signed mail that a list has put into a multipart/mixed", mixed(clear(signed, text(), p7s(b"5")), raw("Content-Type: text/plain\n", "\n_______\nlist mailing list\n"))),
        _left("smime-opaque", "S/MIME signed, opaque", cms("signed-data", "smime.p7m", b"6")),
        _left("smime-enveloped", "S/MIME encrypted", cms("enveloped-data", "smime.p7m", b"7"), client="Outlook classic"),
        _left("smime-auth-enveloped", "S/MIME encrypted with authentication", cms("authEnveloped-data", "smime.p7m", b"8")),
        _left("smime-compressed", "S/MIME compressed: no program but an S/MIME one reads it", cms("compressed-data", "smime.p7z", b"9")),
        _left("smime-no-type", "S/MIME encrypted, whose smime-type a gateway has dropped", cms("", "smime.p7m", b"10")),
        _left("smime-octet-stream", "S/MIME that a gateway relabelled: only its file name tells", cms("", "smime.p7m", b"11", "application/octet-stream")),
        _left("smime-folded", "S/MIME with its Content-Type folded in the middle", raw(version.replace("; smime-type", ";\n\tsmime-type") + "Content-Transfer-Encoding: base64\n", der(600, b"12"))),
        _left("smime-triple", "S/MIME signed, encrypted and signed again: the outermost counts", clear(signed, cms("enveloped-data", "smime.p7m", b"13"), p7s(b"14"))),
    ]  # fmt: skip


def _pgp() -> list[Made]:
    encrypted = (
        "Content-Type: application/pgp-encrypted\nContent-Description: PGP/MIME version identification\n"
    )
    inline = 'Content-Type: application/octet-stream; name="encrypted.asc"\nContent-Disposition: inline; filename="encrypted.asc"\n'
    parts = (raw(encrypted, "Version: 1\n"), raw(inline, armour("MESSAGE", b"20")))
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{PLAIN}{armour('SIGNATURE', b'21')}"
    html = f"<html><body><pre>{armour('MESSAGE', b'22')}</pre></body></html>"
    trailing = PLAIN.replace("ready.", "ready. ").replace("Alice Winter", "-- \nAlice Winter")
    return [
        _left("pgp-mime-signed", "PGP/MIME signed", clear("application/pgp-signature", text(), asc(b"23"), micalg="pgp-sha512"), client="Thunderbird"),
        _left("pgp-mime-signed-alternative", "PGP/MIME signed, text and HTML", clear("application/pgp-signature", both(), asc(b"24"), micalg="pgp-sha256")),
        _left("pgp-mime-signed-spaces", "a signed text with spaces at line ends, which nobody may tidy up", clear("application/pgp-signature", body("plain", trailing), asc(b"25"), micalg="pgp-sha256")),
        _left("pgp-mime-encrypted", "PGP/MIME encrypted", Multi("encrypted", list(parts), ';\n protocol="application/pgp-encrypted"'), client="Thunderbird"),
        _left("pgp-mime-mangled", "PGP/MIME encrypted that a gateway has made a multipart/mixed", mixed(body("plain", "\n", "us-ascii", "7bit"), *parts)),
        _left("pgp-inline-signed", "a text with an inline OpenPGP signature", body("plain", signed, "us-ascii", "7bit")),
        _left("pgp-inline-encrypted", "a text that is an OpenPGP message", body("plain", armour("MESSAGE", b"26", "Version: GnuPG v2\n"), "us-ascii", "7bit"), client="K-9"),
        _left("pgp-inline-base64", "the same in base64: one has to decode to see it", body("plain", armour("MESSAGE", b"27"), "utf-8", "base64")),
        _left("pgp-inline-alternative", "an OpenPGP message in the text and in the HTML", alternative(body("plain", armour("MESSAGE", b"22")), body("html", html))),
    ]  # fmt: skip

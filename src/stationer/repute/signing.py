"""DKIM keys (RFC 6376 §3.6.1, RFC 8463): is there one, and is it the one that we sign with?"""

from __future__ import annotations

import binascii
from base64 import b64decode

from stationer.repute.book import Book, tags
from stationer.repute.findings import Finding

#: An RSA key of 2,048 bits has 294 octets as SubjectPublicKeyInfo; of 1,024 it has 162.
FEWEST_OCTETS = 270


def name_of(selector: str, domain: str) -> str:
    """Where the key stands."""
    return f"{selector}._domainkey.{domain}"


def check(selector: str, domain: str, ours: str, book: Book) -> list[Finding]:
    """`ours` is the public key in Base64 that mail is signed for; empty where it is not known."""
    name = name_of(selector, domain)
    answer = book.get(name, "TXT")
    if answer.state == "failed":
        return [Finding("dns-silent", {"name": name, "kind": "TXT"})]
    if not answer.records:
        return [Finding("dkim-missing", {"name": name})]
    if len(answer.records) > 1:
        return [Finding("dkim-several", {"name": name, "count": str(len(answer.records))})]
    return _of(name, tags(answer.records[0]), "".join(ours.split()))


def _of(name: str, said: dict[str, str] | None, ours: str) -> list[Finding]:
    kind = "" if said is None else said.get("k", "rsa")
    key = None if said is None or said.get("v", "DKIM1") != "DKIM1" else said.get("p")
    if key is None or said is None or kind not in ("rsa", "ed25519"):
        return [Finding("dkim-broken", {"name": name})]
    key = "".join(key.split())
    if not key:
        return [Finding("dkim-revoked", {"name": name})]
    try:
        octets = b64decode(key, validate=True)
    except binascii.Error:
        return [Finding("dkim-broken", {"name": name})]
    if ours and key != ours:
        return [Finding("dkim-other", {"name": name})]
    found = []
    if kind == "rsa" and len(octets) < FEWEST_OCTETS:
        found.append(Finding("dkim-short", {"name": name}))
    if "y" in said.get("t", "").split(":"):
        found.append(Finding("dkim-testing", {"name": name}))
    return found

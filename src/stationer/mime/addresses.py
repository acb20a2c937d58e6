"""Who a mail is from and to: addr-specs out of address lists (RFC 5322 §3.4 and §4.4, RFC 6532), read tolerantly.

Groups, comments, quoted strings, routes and raw UTF-8 are understood. An address that holds a control character or
no domain is not handed on; `problems` names it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stationer.mime.fields import header_of, value_of

TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<quoted>"(?:[^"\\]|\\.)*"?)|(?P<literal>\[(?:[^\[\]\\]|\\.)*\]?)"""
    r"""|(?P<special>[()<>:;,@])|(?P<atom>[^\s()<>:;,@"\[\]]+|[\]])""",
    re.DOTALL,
)
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
PLAIN_LOCAL = re.compile(r"[^\s()<>\[\]:;,@\\\"]+")
#: White space that obsolete syntax allows round dots and at signs (RFC 5322 §4.4).
AROUND = re.compile(r"(?:(?<!\s)\s+)?([.@])\s*")
#: What parts the words of an address list.
APART = re.compile(rb"[\s<>,]+")
LONGEST = 320
TOO_LONG = f"is longer than {LONGEST} characters"
MOST_ADDRESSES = 10_000


class Envelope(NamedTuple):
    """The addr-specs of a mail. `sender` is From's, or Sender's when From holds several (RFC 5322 §3.6.2)."""

    sender: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    problems: tuple[str, ...]


def envelope(mail: bytes) -> Envelope:
    """Read From, Sender, To, Cc and Bcc. Never raises; what was left out is named in `problems`."""
    problems: list[str] = []
    lists: dict[bytes, list[str]] = {b"from": [], b"sender": [], b"to": [], b"cc": [], b"bcc": []}
    for field in header_of(mail, 0).fields:
        if field.name in lists:
            name = field.name.decode().capitalize()
            lists[field.name] += _taken(name, value_of(mail, field), problems)
    authors = lists[b"from"]
    sender = authors[0] if len(authors) == 1 else next(iter(lists[b"sender"] + authors), None)
    to, cc, bcc = (tuple(dict.fromkeys(lists[name])) for name in (b"to", b"cc", b"bcc"))
    return Envelope(sender, to, cc, bcc, tuple(problems))


def _taken(name: str, value: bytes, problems: list[str]) -> list[str]:
    """The sound addresses of one field; the others go to `problems`."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
        if any(b"@" in word and not word.isascii() for word in APART.split(value)):
            problems.append(f"{name}: holds bytes that are not UTF-8 in an address")
            return []
    sound: list[str] = []
    for address in addresses(text):
        if wrong := fault_of(address):
            problems.append(f"{name}: {address[:80]!r} {wrong}")
        else:
            sound.append(address)
    return sound


def fault_of(address: str) -> str:
    """What is wrong with an addr-spec, as the end of a sentence; empty when nothing is."""
    local, at, domain = address.rpartition("@")
    if FORBIDDEN.search(address):
        return "holds a control character"
    if not at or not local or not domain:
        return "is not an address: it needs a name, @ and a domain"
    if local[0] != '"' and not PLAIN_LOCAL.fullmatch(local):
        return "is not an address: its name holds characters that need quotes"
    if domain[0] != "[" and (not PLAIN_LOCAL.fullmatch(domain) or ".." in domain or domain[0] in ".-"):
        return "is not an address: its domain is not one"
    return TOO_LONG if len(address) > LONGEST else ""


def addresses(text: str) -> list[str]:
    """All addr-specs of an unfolded address list, unchecked, in order. A display name is never taken for one."""
    found: list[str] = []
    plain: list[
        str
    ] = []  # what stands outside angle brackets since the last comma: a name, or a bare addr-spec
    angle: list[str] | None = None
    depth = 0
    taken = at = False  # whether the mailbox has its address already; whether there is an at sign in `plain`

    def end_of_mailbox() -> None:
        nonlocal taken, at
        if plain and not taken:
            found.append("".join(plain))
        plain.clear()
        taken = at = False

    for match in TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if depth or token == "(":
            depth += (token == "(") - (token == ")")
        elif angle is not None and token == ">":
            found.append(without_route("".join(angle)))
            angle, taken = None, True
        elif angle is not None:
            angle.append(" " if kind == "space" else token)
        elif token == "<":
            angle = []
        elif token in (",", ";"):
            end_of_mailbox()
        elif token == ":" and not at:
            plain.clear()  # the name of a group
        elif kind != "space":
            plain.append(token)
            at = at or token == "@"
        elif plain and plain[-1] != " ":
            plain.append(" ")
        if len(found) >= MOST_ADDRESSES:
            return found
    if angle:
        found.append(without_route("".join(angle)))
    else:
        end_of_mailbox()
    return [
        tight
        for address in found
        if (tight := address if '"' in address else AROUND.sub(r"\1", address).strip())
    ]


def without_route(text: str) -> str:
    """`@a,@b:user@c` → `user@c`: the obsolete route (RFC 5322 §4.4) is to be ignored."""
    return text.rpartition(":")[2] if text.lstrip()[:1] == "@" else text

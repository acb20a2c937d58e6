"""A Content-Type or Content-Disposition value: its token and its parameters (RFC 2045 §5.1, RFC 2231 §3),
read tolerantly.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

TOKEN = re.compile(rb"\s*([^\s;/()<>@,]+)(?:\s*/\s*([^\s;()<>@,]*))?")
PARAMETER = re.compile(rb';\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
# Most values are no more than a type and one parameter.
SIMPLE = re.compile(
    rb'([\w.+-]+(?:/[\w.+-]+)?)(?:;\s*([A-Za-z]+)=(?:"([^"\\()]*)"|([^\s;"()\\]+)))?', re.ASCII
)
# A quoted string that never ends goes to the end of the value, as in PARAMETER, and what is escaped begins nothing: so
# no sign is read more than twice.
COMMENT = re.compile(rb'("(?:[^"\\]++|\\.)*(?:"|\\?\Z)|\\.)|\((?:[^()\\]++|\\.)*\)', re.DOTALL)
ESCAPE = re.compile(rb"\\(.)", re.DOTALL)


def token_and_parameters(value: bytes) -> tuple[str, dict[str, bytes]]:
    """`b'Text/HTML; charset="utf-8"'` → `("text/html", {"charset": b"utf-8"})`. An unreadable token is empty."""
    if simple := SIMPLE.fullmatch(value):
        kind, name, quoted, bare = simple.groups()
        held = {name.lower().decode("ascii"): bare or quoted} if name else {}
        return kind.lower().decode("ascii"), held
    if b"(" in value:
        value = COMMENT.sub(lambda found: found[1] or b" ", value)
    found = TOKEN.match(value)
    if not found:
        return "", parameters(value)
    token = found[1] + b"/" + found[2] if found[2] is not None else found[1]
    return token.lower().decode("ascii", "replace"), parameters(value) if b";" in value else {}


def parameters(value: bytes) -> dict[str, bytes]:
    """The parameters, names in lower case; of a name given twice the first counts."""
    read: dict[str, bytes] = {}
    for name, quoted, bare in PARAMETER.findall(value):
        text = ESCAPE.sub(rb"\1", quoted) if b"\\" in quoted else quoted or bare.strip()
        read.setdefault(name.lower().decode("ascii", "replace"), text)
    return _continued(read) if any("*" in name for name in read) else read


def _continued(read: dict[str, bytes]) -> dict[str, bytes]:
    """RFC 2231: `name*` decoded, `name*0`, `name*1*` … decoded where they say so, and joined. A plain name wins."""
    plain = {name: value for name, value in read.items() if "*" not in name}
    for stem in {name.partition("*")[0]: None for name in read if "*" in name}:
        if stem not in plain:
            whole = read.get(stem + "*")
            plain[stem] = b"".join(_sections(read, stem)) if whole is None else _extended(whole)
    return plain


def _sections(read: dict[str, bytes], stem: str) -> list[bytes]:
    """The numbered sections of one parameter, as far as they follow one another."""
    pieces: list[bytes] = []
    while True:
        number = len(pieces)
        if (section := read.get(f"{stem}*{number}")) is not None:
            pieces.append(section)
        elif (section := read.get(f"{stem}*{number}*")) is not None:
            pieces.append(unquote_to_bytes(section) if number else _extended(section))
        else:
            return pieces


def _extended(text: bytes) -> bytes:
    """`utf-8'en'a%20b` → `a b`: percent-decoded, without its charset and language."""
    return unquote_to_bytes(text.split(b"'", 2)[2] if text.count(b"'") >= 2 else text)

"""multipart/form-data (RFC 7578), as the portal takes files."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec


class File(NamedTuple):
    """A file that is sent under its own name; octets alone are sent under the name of their field."""

    name: str
    octets: bytes


def form(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """The body and its Content-Type: octets and Files are files, None is left out, all else is written as JSON has it.
    Raises UnicodeEncodeError for a name that has no UTF-8 (RFC 7578 §5.1)."""
    boundary = uuid.uuid4().hex
    parts: list[bytes] = []
    for name, value in fields.items():
        if value is None:
            continue
        file = File(name, value) if isinstance(value, bytes) else value
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(file, File):
            head += f'; filename="{_quoted(file.name)}"\r\nContent-Type: application/octet-stream'
        octets = file.octets if isinstance(file, File) else plain(value).encode()
        parts.append(f"{head}\r\n\r\n".encode() + octets + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def plain(value: Any) -> str:
    """A value of a query or a field."""
    return value if isinstance(value, str) else json.dumps(msgspec.to_builtins(value)).strip('"')


def _quoted(name: str) -> str:
    """What would end the name or the line is written as browsers do (WHATWG HTML §4.10.21.8)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")

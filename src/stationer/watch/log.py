"""JSON lines on stderr. An address appears only as a keyed hash, a secret never.

Whatever goes out passes `_fit`: text that looks like an address is hashed wherever it stands (also in a
traceback or in a library's message), and a field with a secret's name is masked. The key is the setting
`log.key`; without one it is new at each start, so that hashes of two runs cannot be joined.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import sys
import time
from typing import Any, Literal, TextIO

import msgspec

Level = Literal["debug", "info", "warning", "error"]
LEVELS: dict[Level, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

#: An addr-spec or what may be one, percent- or HTML-escaped at-signs included; greedy on purpose.
_ADDRESS = re.compile(r"[^\s<>()\[\]{}\",;:='`/\\|]+(?:@|%40|&#64;)[^\s<>(){}\",;:='`/\\|?&]+", re.IGNORECASE)
_SECRET = re.compile(
    r"token|password|passwd|secret|authorization|cookie|bearer|credential|api_?key|signature", re.I
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}")
_URL_PASSWORD = re.compile(r"(?<=://)[^\s/:@]*:[^\s/@]*@")

_key = secrets.token_bytes(32)


def person(address: str) -> str:
    """`address` as logs show it: `person:` and 12 hexadecimal characters, keyed and case-folded."""
    word = address.strip().casefold().encode("utf-8", "surrogatepass")
    return "person:" + hashlib.blake2b(word, key=_key, digest_size=6).hexdigest()


def _clean(text: str) -> str:
    text = _URL_PASSWORD.sub("•••@", _BEARER.sub(r"\1 •••", text)) if ":" in text or " " in text else text
    if "@" in text or "%40" in text or "&#64;" in text:
        return _ADDRESS.sub(lambda found: person(found[0]), text)
    return text


def _fit(name: str, value: Any) -> Any:
    if _SECRET.search(name):
        return "•••"
    if isinstance(value, dict):
        return {_clean(str(k)): _fit(str(k), v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_fit("", one) for one in value]
    return value if isinstance(value, bool | int | float | type(None)) else _clean(str(value))


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        fields: dict[str, Any] | None = getattr(record, "fields", None)
        event = record.msg if fields is not None else "message"
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "room": record.name.removeprefix("stationer."),
            "event": event,
        }
        if fields is None:
            line["text"] = _clean(record.getMessage())
        line |= {name: _fit(name, value) for name, value in (fields or {}).items() if name not in line}
        if record.exc_info:
            line["fault"] = _clean(self.formatException(record.exc_info))
        return msgspec.json.encode(line).decode("utf-8", "replace")


class Voice:
    """What a room says. `Voice("edge").info("file-in-force", pen=…)`; events are listed in `watch.events`."""

    def __init__(self, room: str) -> None:
        self._logger = logging.getLogger(f"stationer.{room}")

    def _say(self, level: int, event: str, fields: dict[str, Any], fault: bool = False) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"fields": fields}, exc_info=fault)

    def debug(self, event: str, **fields: Any) -> None:
        """For whoever looks for a fault."""
        self._say(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Any) -> None:
        """As it should be."""
        self._say(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        """Somebody should look at it; the program goes on."""
        self._say(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        """Something did not happen that should have."""
        self._say(logging.ERROR, event, fields)

    def fault(self, event: str, **fields: Any) -> None:
        """Inside `except`: an error with its traceback."""
        self._say(logging.ERROR, event, fields, fault=True)


def start(level: Level = "info", key: str = "", stream: TextIO | None = None) -> None:
    """Send the whole process's logging through here. Call once, first."""
    global _key
    _key = hashlib.blake2b(key.encode()).digest() if key else secrets.token_bytes(32)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[level])
    for chatty in ("httpx", "httpcore"):  # a line for each request at info, and its headers at debug
        logging.getLogger(chatty).setLevel(max(LEVELS[level], logging.WARNING))

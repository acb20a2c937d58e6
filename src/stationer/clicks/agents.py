"""What a User-Agent calls itself (RFC 9110 §10.1.5): a scanner, a preview, another program, a browser and how old."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

AgentClass = Literal["none", "office", "scanner", "preview", "headless", "program", "browser", "strange"]


class Agent(msgspec.Struct, frozen=True):
    """`name` as people call it; of a browser its version, whether it is years `old`, and whether that version always
    sends Fetch Metadata (`tells`)."""

    kind: AgentClass
    name: str = ""
    version: int = 0
    old: bool = False
    tells: bool = False


class _Data(msgspec.Struct):
    preview: dict[str, str]
    scanner: dict[str, str]
    office: dict[str, str]
    headless: dict[str, str]
    program: dict[str, str]
    modern: dict[str, tuple[str, int]]
    metadata: dict[str, int]


_DATA = msgspec.convert(
    json.loads(files("stationer.clicks").joinpath("agents.json").read_text(encoding="utf-8")), _Data
)
#: In this order: what is named closest comes first.
_KINDS: tuple[tuple[AgentClass, dict[str, str]], ...] = (
    ("office", _DATA.office),
    ("scanner", _DATA.scanner),
    ("preview", _DATA.preview),
    ("headless", _DATA.headless),
    ("program", _DATA.program),
)
#: A robot by its name; CUBOT makes telephones.
_ROBOT = re.compile(r"(?<!cu)bot\b")
_VERSIONS = re.compile(r"([a-z]+)[/: ](\d{1,4})")


@lru_cache(maxsize=4096)
def agent(text: str) -> Agent:
    """What this User-Agent is. In doubt `strange`: neither a program that says so nor a browser that we know."""
    low = text.strip().lower()
    if not low:
        return Agent("none")
    for kind, names in _KINDS:
        for part, name in names.items():
            if part in low:
                return Agent(kind, name)
    if _ROBOT.search(low):
        return Agent("program", "a robot")
    return _browser(low) if low.startswith(("mozilla/5.0", "mozilla/4.0", "opera/")) else Agent("strange")


def _browser(low: str) -> Agent:
    versions = dict(reversed([(name, int(number)) for name, number in _VERSIONS.findall(low)]))
    for key, (name, modern) in _DATA.modern.items():
        if key in versions:
            version = versions[key]
            tells = version >= _DATA.metadata.get(name, 10_000)
            return Agent("browser", name, version, version < modern, tells)
    # a mail program's own view on iOS names no version of Safari
    return Agent("browser", "Safari") if "applewebkit" in low else Agent("strange")

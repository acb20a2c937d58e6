"""Crafts are pure: each imports only what its allow-list names, and calls nothing that reaches the world.

An allow-list beats a ban-list: what nobody thought of is refused. Why each entry is there: ARCHITECTURE.md, "Borders".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "stationer"

STANDARD = {
    "__future__", "abc", "array", "base64", "binascii", "bisect", "calendar", "codecs", "collections", "dataclasses",
    "datetime", "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "hmac", "html", "itertools", "math", "operator",
    "quopri", "re", "string", "struct", "textwrap", "types", "typing", "unicodedata", "urllib", "uuid", "weakref", "zlib",
}  # fmt: skip

ALLOWED = {
    # idna: the table by which a domain in any script becomes ASCII
    "wire": {"msgspec", "idna"},
    # weakref: a part knows what it is in without keeping the mail
    "mime": {"msgspec", "weakref"},
    "stamp": {"msgspec"},
    "outbox": {"msgspec"},
    "links": {"msgspec"},
    # cryptography: Ed25519, which signs a notification
    "notice": {"msgspec", "cryptography"},
    # importlib.resources and json: the shapes are package data, read once at import
    "compose": {"msgspec", "mrml", "css_inline", "nh3", "importlib", "json"},
    # importlib.resources and json: rules, programs and networks are package data; ipaddress: whose network it is
    "clicks": {"msgspec", "importlib", "json", "ipaddress"},
    # importlib.resources and json: zones and rules are package data; ipaddress: whether an address is in a network
    "repute": {"msgspec", "importlib", "json", "ipaddress"},
    # cryptography: HKDF and Argon2id, which Tink has no words for in Python; tink: all that seals and opens;
    # io: BytesIO, which is memory and gives what it holds without a copy
    "seal": {"msgspec", "cryptography", "tink", "io"},
    "show": {"msgspec", "nh3", "css_inline"},
    "bounces": {"msgspec"},
    # zoneinfo: the time zone tables that schedules are compiled with; yaml: the company file, with its lines
    "pick": {"msgspec", "cryptography", "yaml", "zoneinfo"},
}

#: Built-in functions and attributes by which a pure module would reach the world after all.
WORLDLY_CALLS = {"open", "input", "print", "exec", "eval", "__import__", "breakpoint"}
WORLDLY_ATTRIBUTES = {"now", "utcnow", "today", "uuid1", "uuid4", "urlopen", "request"}


def modules(craft: str) -> list[Path]:
    """All Python files of one craft."""
    return sorted((SOURCE / craft).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of all that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def is_allowed(craft: str, name: str) -> bool:
    """Whether `craft` may import the module `name`."""
    if name.startswith("stationer."):
        return name.split(".")[1] in {craft, "wire", "mime", "links"}
    if name in ("urllib.request", "urllib.robotparser"):
        return False
    return name.split(".")[0] in STANDARD | ALLOWED[craft]


@pytest.mark.parametrize("craft", sorted(ALLOWED))
def test_a_craft_imports_only_its_allow_list(craft: str) -> None:
    assert modules(craft), f"there is no craft {craft}"
    for path in modules(craft):
        wrong = [name for name in imported(ast.parse(path.read_text())) if not is_allowed(craft, name)]
        assert not wrong, f"{path.relative_to(SOURCE)} imports {wrong}"


@pytest.mark.parametrize("craft", sorted(ALLOWED))
def test_a_craft_does_not_reach_the_world(craft: str) -> None:
    for path in modules(craft):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in WORLDLY_CALLS, (
                    f"{path.relative_to(SOURCE)}:{node.lineno} {node.func.id}()"
                )
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in WORLDLY_ATTRIBUTES, f"{path.relative_to(SOURCE)}:{node.lineno}"

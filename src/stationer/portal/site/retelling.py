"""Sentences that a craft says in English, told again in the reader's language.

Crafts know no languages: `compose` and `pick` say what is wrong in finished English sentences, which the command line
prints as they are. Here the sentences of their sources are collected, each with a named place where something is
filled in, so that translators see them; and a finished one is recognised, taken apart and filled in anew.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils.translation import get_language, gettext

import stationer

ROOT = Path(stationer.__file__).parent
#: Where sentences are said that people read on pages.
SOURCES = (
    *sorted((ROOT / "compose").glob("*.py")),
    *(
        ROOT / "pick" / f"{name}.py"
        for name in ("checks", "holidays", "illustrating", "leading", "schedule", "terms")
    ),
    *(ROOT / "pick" / "company" / f"{name}.py" for name in ("forms", "kinds", "reading", "tree")),
    ROOT / "notice" / "checking.py",
    ROOT / "links" / "targets.py",
    ROOT / "portal" / "publishing" / "defining.py",
)
_PLACE = re.compile(r"%\((\w+)\)s")


def retold(sentence: str) -> str:
    """The sentence in the language in force; as it is where nobody has written it in that language."""
    if (get_language() or "en").startswith("en"):
        return sentence
    if (whole := gettext(sentence)) != sentence:
        return whole
    for pattern, message in _patterns():
        if (match := pattern.fullmatch(sentence)) is not None:
            return gettext(message) % _filled(match.groupdict())
    return sentence


def _filled(values: dict[str, str]) -> dict[str, str]:
    """A field's label has a translation of its own; what an author wrote stays."""
    return {name: gettext(value) if name == "label" else value for name, value in values.items()}


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """What finished sentences look like, those with the most words of their own first."""
    found = {message for _, message in sentences() if _PLACE.search(message)}
    ordered = sorted(found, key=lambda message: (-len(_PLACE.sub("", message)), message))
    return [(_pattern(message), message) for message in ordered]


def _pattern(message: str) -> re.Pattern[str]:
    parts = _PLACE.split(message)
    words = (f"(?P<{p}>.*)" if at % 2 else re.escape(p.replace("%%", "%")) for at, p in enumerate(parts))
    return re.compile("".join(words), re.DOTALL)


def sentences() -> Iterator[tuple[Path, str]]:
    """Every sentence of the sources with its file; `%(name)s` where something is filled in."""
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for said in _said(tree):
            if " " in said and said.endswith((".", "?")) and not said.startswith(" "):
                yield path, said


def _said(tree: ast.Module) -> Iterator[str]:
    passed_over = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed_over |= {id(part) for part in ast.walk(node) if isinstance(part, ast.Constant)}
            yield _joined(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
            yield node.value


def _docstrings(tree: ast.Module) -> set[int]:
    """Strings that stand as a statement."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _joined(node: ast.JoinedStr) -> str:
    said, names = [], set[str]()
    for part in node.values:
        if isinstance(part, ast.Constant):
            said.append(str(part.value).replace("%", "%%"))
        elif isinstance(part, ast.FormattedValue):
            said.append(f"%({_name(part.value, names)})s")
    return "".join(said)


def _name(value: ast.expr, taken: set[str]) -> str:
    """The last name in what is filled in."""
    words = [
        one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in ast.walk(value)
    ]
    word = next((word for word in words if word and word not in ("len", "join")), "it").strip("_").lower()
    name = next(name for name in (word, *(f"{word}_{n}" for n in range(2, 99))) if name not in taken)
    taken.add(name)
    return name

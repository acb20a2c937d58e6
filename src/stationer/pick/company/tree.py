"""A company file's text as a YAML tree, after a look at what it would become: whoever writes a file may mean harm.

The look goes event by event and keeps nothing, so that it costs no more than the text: a table nested a hundred
thousand times ends the process of whoever composes it, and ten lines of aliases of aliases are a billion values.
"""

from __future__ import annotations

from typing import Any

import yaml

from stationer.pick.company.file import CompanyErrors
from stationer.wire.problem import Problem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: A company file is nine deep.
MOST_DEEP = 40
#: Names, words, lists and tables, each as often as it is repeated by its anchor: a company of 50,000 people.
MOST_VALUES = 2_000_000
_NO_YAML = "Look at the indentation, the colons and the quotes on this line and the one before."
_BEGINS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def tree_of(text: str, example: str = "company") -> yaml.Node:
    """The root of the text; `example`: what `stationer example` prints to start from. Raises CompanyErrors."""
    try:
        _look(text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line + 1, text.rstrip().count("\n") + 1) if mark else None
        raise _wrong(f"This is not YAML: {error.problem or error.context}.", _NO_YAML, line) from error
    except (yaml.YAMLError, RecursionError) as error:
        advice = "Save it as UTF-8 without control characters."
        raise _wrong("This is not YAML text.", advice, _line(text, error)) from error
    if node is None:
        raise _wrong("The file is empty.", f"Start from `stationer example {example}`.", 1)
    return node


class _Sizes:
    """How many values stand below each anchor, and in the tables that are open."""

    def __init__(self) -> None:
        self.open: list[tuple[str | None, int]] = []
        self.anchors: dict[str, int | None] = {}
        self.count = 0

    def begin(self, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = None  # until it ends, an alias of it stands in itself
        self.open.append((anchor, self.count))
        self.count += 1

    def end(self) -> None:
        anchor, before = self.open.pop()
        if anchor:
            self.anchors[anchor] = self.count - before


def _look(text: str) -> None:
    """Raises CompanyErrors for what would be too much, and for what no company file has."""
    sizes = _Sizes()
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, _BEGINS):
            _tag(event)
            sizes.begin(event.anchor)
            if len(sizes.open) > MOST_DEEP:
                what = f"Lists and tables stand in one another here, more than {MOST_DEEP} deep."
                raise _wrong(what, "Mend the brackets or the indentation of this line.", _at(event))
        elif isinstance(event, _ENDS):
            sizes.end()
        elif isinstance(event, yaml.ScalarEvent):
            _tag(event)
            sizes.count += 1
            if event.anchor:
                sizes.anchors[event.anchor] = 1
        elif isinstance(event, yaml.AliasEvent):
            sizes.count += _repeated(event, sizes)
        if sizes.count > MOST_VALUES:
            what = f"Down to this line the file has more than {MOST_VALUES:,} values, with all that is repeated by *."
            raise _wrong(what, "Write out what is meant, or bring it in as several files.", _at(event))


def _repeated(event: Any, sizes: _Sizes) -> int:
    """How many values an alias stands for. One that nothing is called is YAML's own error, told when composing."""
    size = sizes.anchors.get(event.anchor, 1)
    if size is None:
        raise _wrong(f"*{event.anchor} stands inside itself.", "Write out what is meant here.", _at(event))
    return size


def _tag(event: Any) -> None:
    """A tag asks a program to make something of a value; no value of a company file is made of anything else."""
    if event.tag and event.tag != "!":
        what = f"The tag {event.tag!r} stands here; a company file has none."
        raise _wrong(what, "Take away the word that begins with an exclamation mark.", _at(event))


def _at(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _line(text: str, error: Exception) -> int | None:
    """The line of a character that may not stand in YAML."""
    at = getattr(error, "position", None)
    return None if at is None else text.count("\n", 0, at) + 1


def _wrong(what: str, advice: str, line: int | None) -> CompanyErrors:
    return CompanyErrors((Problem("the file", what, advice, line),))

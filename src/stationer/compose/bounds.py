"""What no source may be, so that everything behind this may read it whole: too long, or nested too deeply."""

from __future__ import annotations

import re
from collections import Counter

from stationer.compose.markup import VOID, bare
from stationer.wire.problem import Problem
from stationer.wire.source import Source

#: Characters that its author wrote, twice what a block's HTML may have; elements that stand in one another.
MOST_WRITTEN, MOST_DEEP = 60_000, 100
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*)""")
_ENDLESS = re.compile(r"&#x?[0-9a-f]{10}", re.IGNORECASE)
_MEND = "Close every element, and nest them rightly."


def beyond(source: Source) -> list[Problem]:
    """Why nothing more is said of it; nothing where it can be read."""
    whole = [*source.values.values(), *(value for one in source.listed for value in one.values.values())]
    written = sum(map(len, (source.text, *whole)))
    if written > MOST_WRITTEN:
        what = f"Its source has {written} characters; that of a block has at most {MOST_WRITTEN}."
        return [Problem("", what, "Shorten it.", rule="too-long")]
    if source.shape != "mjml":
        return []
    mjml = bare(source.values.get("mjml", ""))
    if endless := _ENDLESS.search(mjml):
        line = mjml.count("\n", 0, endless.start()) + 1
        return [Problem("mjml", f"There is no character {endless[0]}.", "Write the character itself.", line)]
    if (at := _too_deep(mjml)) is None:
        return []
    what = f"More than {MOST_DEEP} elements stand in one another."
    return [Problem("mjml", what, _MEND, mjml.count("\n", 0, at) + 1)]


def _too_deep(mjml: str) -> int | None:
    """Where the first element stands that is too deep."""
    opened: list[str] = []
    names: Counter[str] = Counter()
    for match in _TAG.finditer(mjml):
        name = match[2].lower()
        if match[1]:
            while names[name]:
                names[last := opened.pop()] -= 1
                if last == name:
                    break
        elif name not in VOID and not (name.startswith("mj") and match[3].endswith("/")):
            opened.append(name)
            names[name] += 1
        if len(opened) > MOST_DEEP:
            return match.start()
    return None

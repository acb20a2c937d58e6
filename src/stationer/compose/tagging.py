"""What the links of a block tell the website they lead to: the same few words behind each address (content.md §8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from stationer.links import LEFT_ALONE, vote_of
from stationer.wire.content import Field, Target


def tagged(target: Target, tags: Mapping[str, str]) -> Target:
    """The address with `tags` in its query, before the fragment (RFC 3986 §3.4); what it says itself stays.

    An address that an attribute gives whole, and one by which somebody unsubscribes, is left alone, and so is an
    answer of a survey.
    """
    parts: list[str | Field] = [target] if isinstance(target, str) else list(target)
    said = "".join(part for part in parts if isinstance(part, str))
    if not tags or not parts or not isinstance(parts[0], str) or LEFT_ALONE.search(said) or vote_of(said):
        return target
    cut = next((n for n, part in enumerate(parts) if isinstance(part, str) and "#" in part), len(parts))
    before, behind = parts[:cut], parts[cut:]
    if behind and isinstance(behind[0], str):
        words, hash_, fragment = behind[0].partition("#")
        before, behind = [*before, words], [hash_ + fragment, *behind[1:]]
    written = "".join(part for part in before if isinstance(part, str))
    added = "&".join(
        f"{name}={quote(value, safe='')}"
        for name, value in tags.items()
        if value and not re.search(rf"[?&]{re.escape(name)}=", written)
    )
    if not added:
        return target
    last = before[-1] if before else ""
    ends = isinstance(last, str) and last.endswith(("?", "&"))
    joint = "" if ends else "&" if "?" in written else "?"
    whole = _joined([*before, joint + added, *behind])
    return whole[0] if len(whole) == 1 and isinstance(whole[0], str) else tuple(whole)


def _joined(parts: list[str | Field]) -> list[str | Field]:
    """Words that stand side by side as one."""
    found: list[str | Field] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return found

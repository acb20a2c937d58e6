"""Links of a definition that lead where nobody may be sent, and contents that no token could tell apart (links.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stationer.links import fault
from stationer.pick.numbering import begins
from stationer.wire.content import Content
from stationer.wire.definition import Definition
from stationer.wire.problem import Problem

_WHOLE = "Write the whole address as it stands in the browser, such as https://www.acme.example/page."


def check(definition: Definition) -> Iterator[Problem]:
    """Every link that is wrong, by the content that it is in (contract/links.md §1)."""
    for template in definition.templates:
        for variant, contents in template.parts.items():
            for content in contents:
                yield from _content(content, f"templates/{template.id}/{variant}/{content.slot}")
    for campaign in definition.campaigns:
        for message in campaign.messages:
            own = message.id.removeprefix(campaign.id + "/")
            yield from _content(message.content, f"campaigns/{campaign.id}/messages/{own}")


def _content(content: Content, where: str) -> Iterator[Problem]:
    for number, target in enumerate(content.targets):
        if what := fault(target):
            yield Problem(f"{where}/links/{number}", what, _WHOLE)


def alike(digests: Iterable[str]) -> Iterator[Problem]:
    """Contents whose digests begin alike (contract/links.md §2): it happens once in many millions of companies."""
    seen: dict[bytes, str] = {}
    for digest in digests:
        other = seen.setdefault(begins(digest), digest)
        if other != digest:
            what = f"The contents {other} and {digest} have names that begin alike, so a link could lead to either."
            yield Problem("contents", what, "Change a word in one of them.")

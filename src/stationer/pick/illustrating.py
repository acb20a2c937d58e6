"""The octets of pictures that travel with mails, beside the contents that call them (contract/snapshot.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from stationer.pick.snapshot import VERSION, Compiled, Octets
from stationer.wire.content import Content, Embedded
from stationer.wire.definition import Definition
from stationer.wire.problem import Problem

#: Octets of all pictures in one snapshot: every worker of an edge holds them in memory.
MOST_BYTES = 10_000_000


def called(contents: Iterable[Content]) -> dict[str, Embedded]:
    """The pictures that these contents call, by digest."""
    return {picture.digest: picture for content in contents for picture in content.called}


def illustrated(compiled: Compiled, octets: Mapping[str, bytes]) -> Compiled:
    """The same with the octets of every picture that its contents call; what is not given can only be linked."""
    wanted = called(compiled.contents.values())
    if not wanted:
        return compiled
    found = {d: Octets(picture.type, octets[d]) for d, picture in sorted(wanted.items()) if d in octets}
    return msgspec.structs.replace(compiled, version=VERSION, pictures=found)


def check(definition: Definition) -> Iterator[Problem]:
    """Whether a company's pictures are too much to bring along."""
    parts = (part for template in definition.templates for some in template.parts.values() for part in some)
    shown = (message.content for campaign in definition.campaigns for message in campaign.messages)
    size = sum(picture.size for picture in called((*parts, *shown)).values())
    if size > MOST_BYTES:
        what = f"All pictures together have {size // 1000:,} KB; inside mails {MOST_BYTES // 1000:,} KB are the most."
        yield Problem("management/pictures", what, "Save them smaller, or let pictures be linked.")

"""Pictures that may travel with the mail: called `cid:NAME` in a block, and listed with it (contract/content.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from stationer.wire.content import Embedded
from stationer.wire.problem import Problem
from stationer.wire.source import Picture

#: What the pictures of one content may be together: how many, and octets.
MOST_PICTURES, MOST_BYTES = 20, 500_000


class Embedding:
    """The pictures of one block, named by the order in which its HTML first shows them."""

    def __init__(self, pictures: Iterable[Picture]) -> None:
        self._known = {picture.url: picture for picture in pictures if picture.digest}
        self._shown: dict[str, Embedded] = {}

    def address(self, url: str) -> str:
        """`cid:NAME` for the address of a picture that may travel along, any other as it is."""
        picture = self._known.get(url)
        if picture is None:
            return url
        name = f"picture-{len(self._shown) + 1}"
        new = Embedded(name, picture.digest, picture.type, picture.size, picture.url)
        return f"cid:{self._shown.setdefault(picture.digest, new).name}"

    def shown(self) -> tuple[Embedded, ...]:
        """All that were called so far."""
        return tuple(self._shown.values())

    def problems(self) -> Iterable[Problem]:
        """What is too much for one block."""
        shown = self.shown()
        size = sum(picture.size for picture in shown)
        if len(shown) > MOST_PICTURES:
            what = f"It shows {len(shown)} pictures; a block brings at most {MOST_PICTURES} along inside the mail."
            yield Problem("", what, "Show fewer, or let pictures be linked.")
        if size > MOST_BYTES:
            what = f"Its pictures have {size // 1000} KB; inside a mail a block brings at most {MOST_BYTES // 1000}."
            yield Problem("", what, "Save them smaller, or let pictures be linked.")


def linked(html: str, pictures: Sequence[Embedded]) -> str:
    """A block's HTML with the addresses of its pictures in the place of their names."""
    for picture in pictures:
        html = html.replace(f'src="cid:{picture.name}"', f'src="{escape(picture.url)}"')
    return html

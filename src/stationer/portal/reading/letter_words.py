"""The words of a secure message, opened and made ready to be shown (contract/show.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from stationer import show
from stationer.mime.charset import codec_for, text_of
from stationer.portal.reading.letter_pictures import our_hosts, our_picture
from stationer.portal.vault import enclosing, opening
from stationer.portal.vault.indexing import Entry
from stationer.portal.vault.models import SecureMessage

#: Octets of all words that are shown on a page, and parts that they may be in; the others are files to fetch.
MOST_WORDS, MOST_PARTS = 4_000_000, 50
#: Octets of one picture inside the words, and of all of them, each as often as it is shown; how many are opened, and
#: how often one is shown in all. The others are files to fetch.
MOST_PICTURE, MOST_PICTURES, MOST_OPENED, MOST_SHOWN = 4_000_000, 12_000_000, 100, 2_000
#: Widths in pixels for which a frame's height is told, from a small telephone to a desk; and what stands beside the
#: words in a window: so much wider that is.
WIDTHS, BESIDE = (205, 270, 420, 560), 120

_FLOWED = re.compile(rb";\s*format\s*=\s*\"?flowed\b", re.IGNORECASE)
_DELSP = re.compile(rb";\s*delsp\s*=\s*\"?yes\b", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """What the page shows. `html` is clean; `framed`: a stranger wrote it, so it stands in a frame of its own; `white`:
    its author chose colours for a white sheet; `remote`: pictures of other servers in it; `inside`: Content-IDs of
    pictures that it shows; `tangled`: paths of HTML that is set as text (show.tangling)."""

    html: str
    framed: bool
    white: bool
    remote: int
    inside: frozenset[str]
    tangled: frozenset[str] = frozenset()

    @cached_property
    def heights(self) -> tuple[int, ...]:
        """Of its frame, in pixels, for `WIDTHS`."""
        return tuple(show.height(self.html, width) for width in WIDTHS)


class Letter:
    """A message that somebody reads. Raises VaultError where it cannot be opened."""

    def __init__(self, message: SecureMessage) -> None:
        self.message = message
        self.content = opening.content(message)
        self.entries = self.content.index.entries
        self._layout = show.layout(self.entries)
        self._left, self._times = MOST_PICTURES, MOST_SHOWN
        self._pictures: dict[str, bytes] = {}
        self._ours: dict[str, bytes | None] = {}

    @cached_property
    def _by_path(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in self.content.index.leaves}

    @cached_property
    def _by_cid(self) -> dict[str, Entry]:
        return {entry.cid: entry for entry in reversed(self.content.index.leaves) if entry.cid}

    @cached_property
    def _shown(self) -> tuple[Entry, ...]:
        """Parts that are words, as long as they are not too much for a page."""
        found: list[Entry] = []
        left = MOST_WORDS
        for entry in (self._by_path[path] for path in self._layout.words):
            if entry.length <= left and len(found) < MOST_PARTS:
                found.append(entry)
                left -= entry.length
        return tuple(found)

    def files(self, words: Words) -> list[Entry]:
        """Parts that are not words, without pictures that the words show; and words that are too long, or set as text
        though they are HTML."""
        shown = {entry.path for entry in self._shown} - words.tangled
        rest = [entry for entry in self.content.index.leaves if entry.path not in shown]
        dropped = set(self._by_path) - set(self._layout.words) - set(self._layout.files)
        enclosed = [part.entry for part in enclosing.enclosed(self.message)]
        own = [one for one in rest if one.path not in dropped and not (one.cid and one.cid in words.inside)]
        return own + enclosed

    def text(self, entry: Entry) -> str:
        """A part that is text, decoded."""
        octets = b"".join(self.content.part(entry.path))
        return text_of(octets, codec_for(entry.charset, octets) or "utf-8")

    def words(self, *, remote: bool = False) -> Words:
        """All words, one part after the other; `remote`: with pictures of other servers."""
        pieces = [self._piece(entry, remote) for entry in self._shown]
        html = '<hr class="apart">'.join(piece.html for piece in pieces)
        kinds = [(entry, piece.tangled) for entry, piece in zip(self._shown, pieces, strict=True)]
        framed = any(entry.type == "text/html" and not tangled for entry, tangled in kinds)
        knotted = frozenset(entry.path for entry, tangled in kinds if tangled)
        inside = frozenset().union(*(piece.inside for piece in pieces))
        white, counted = any(piece.inked for piece in pieces), sum(piece.remote for piece in pieces)
        return Words(html, framed, white, counted, inside, knotted)

    def _piece(self, entry: Entry, remote: bool) -> show.Cleaned:
        text = self.text(entry)
        if entry.type == "text/html":
            return show.clean(
                text,
                pictures=self._picture,
                hosted=self._hosted,
                remote=remote,
                leads_to=_("leads to {host}"),
            )
        flowed, delsp = self._flows(entry)
        return show.Cleaned(show.text_html(text, flowed=flowed, delsp=delsp), 0, False, frozenset())

    def _flows(self, entry: Entry) -> tuple[bool, bool]:
        """What the part's own header says of `format` and `delsp` (RFC 3676 §3)."""
        header = b"".join(self.content.range(entry.head, entry.start))
        return bool(_FLOWED.search(header)), bool(_DELSP.search(header))

    def _picture(self, cid: str) -> bytes | None:
        """A picture of the mail's own, by its Content-ID; None where there is none, or they become too much."""
        entry = self._by_cid.get(cid)
        if entry is None or entry.length > min(MOST_PICTURE, self._left) or not self._times:
            return None
        if cid not in self._pictures:
            if len(self._pictures) >= MOST_OPENED:
                return None
            self._pictures[cid] = b"".join(self.content.part(entry.path))
        return self._counted(self._pictures[cid])

    def _hosted(self, url: str) -> bytes | None:
        """A picture of a PEN's own, by the address that mails call it by; None where it is none, or they become too
        much."""
        if url not in self._ours and len(self._ours) < MOST_OPENED:
            self._ours[url] = our_picture(url, self._hosts)
        octets = self._ours.get(url)
        return self._counted(octets) if octets else None

    @cached_property
    def _hosts(self) -> set[str]:
        return our_hosts()

    def _counted(self, octets: bytes) -> bytes | None:
        if len(octets) > self._left or not self._times:
            return None
        self._left -= len(octets)
        self._times -= 1
        return octets

    def quoted(self, most: int = 20_000) -> str:
        """The words as an answer quotes them: text."""
        words = show.plain(self.words().html)
        return words if len(words) <= most else words[:most].rstrip() + "\n[…]"

"""What the vault refuses with: a sentence for whoever asked, and a code for whoever wrote the program."""

from __future__ import annotations

from typing import Literal

Code = Literal[
    "not-an-address",
    "no-recipients",
    "too-many-recipients",
    "too-large",
    "empty",
    "wrong-piece",
    "pieces-missing",
    "not-uploading",
    "ended",
    "no-such-part",
    "enclosed",
    "quota",
    "keyring",
    "unreadable",
    "not-ready",
    "level",
]


class VaultError(Exception):
    """A deed of the vault was refused; nothing was changed. `missing`: numbers of pieces that are not there yet."""

    def __init__(self, code: Code, sentence: str, missing: tuple[int, ...] = ()) -> None:
        self.code, self.sentence, self.missing = code, sentence, missing
        super().__init__(sentence)

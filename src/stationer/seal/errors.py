"""What sealed content can be refused with (contract/seal.md §5). No error says what the content was, or a key."""

from __future__ import annotations


class SealError(Exception):
    """A blob, a wrapped key or a keyring was refused; nothing of it was given out."""


class NotSealedError(SealError):
    """This is no sealed blob, or its header is damaged."""


class UnknownVersionError(SealError):
    """This blob was sealed by a later Stationer. Open it with that one."""


class WrongKeyError(SealError):
    """This blob was not sealed under this message's key, or its header was changed."""


class PassphraseNeededError(SealError):
    """This blob opens only with the passphrase that it was sealed with."""


class WrongPassphraseError(SealError):
    """This is not the passphrase that the blob was sealed with, or not its message's key."""


class CutShortError(SealError):
    """The end of this blob is missing. Bring it back from a back-up."""


class ProlongedError(SealError):
    """Something was put behind the end of this blob. Bring it back from a back-up."""


class DamagedError(SealError):
    """A segment is not what was sealed at its place. Bring the blob back from a back-up."""


class NotWrappedError(SealError):
    """This wrapped key was changed, or it was wrapped for another PEN or message."""


class UnknownKeyError(SealError):
    """The key that this was wrapped under is not in the ring. Put it back from a back-up of the keyring."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"It was wrapped under the key {name}, which is not here. Put that key back from a back-up."
        )


class WrongKeyringError(SealError):
    """This is no keyring, or it is damaged. Put it back from a back-up."""

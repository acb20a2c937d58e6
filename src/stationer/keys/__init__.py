"""The keyring on the disk, what a KMS answers for it, and the walk that rewraps rows (contract/seal.md §6, §7)."""

from stationer.keys.file import KeyringFileError, add, make, read
from stationer.keys.holding import Holder
from stationer.keys.kms import KmsError, kms_aead
from stationer.keys.rotating import Row, Rows, Tally, rotate, under

__all__ = [
    "Holder",
    "KeyringFileError",
    "KmsError",
    "Row",
    "Rows",
    "Tally",
    "add",
    "kms_aead",
    "make",
    "read",
    "rotate",
    "under",
]

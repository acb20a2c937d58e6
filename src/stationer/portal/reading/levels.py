"""What a letter asks of its readers, and how a contact can reach it (contract/reading.md §4)."""

from __future__ import annotations

from stationer.portal.people.levels import CODE, MEANS, STRONG
from stationer.portal.reading.models import Contact, ReadingTerms
from stationer.portal.reading.sittings import Reader
from stationer.portal.vault.models import SecureMessage

__all__ = ["CODE", "MEANS", "STRONG", "enough", "needed", "remember", "terms"]


def terms() -> ReadingTerms:
    """The PEN's terms; those of a PEN that has said nothing are not saved."""
    return ReadingTerms.objects.first() or ReadingTerms()


def needed(message: SecureMessage) -> int:
    """The letter's own level or its PEN's, whichever is higher."""
    return max(message.level, terms().level)


def enough(message: SecureMessage, reader: Reader) -> bool:
    """Whether the reader has shown what the letter asks for."""
    return reader.level >= needed(message)


def remember(address: str, level: int) -> None:
    """A contact has a means of this level."""
    Contact.objects.filter(address=address, level__lt=level).update(level=level)


def of(row: Contact) -> int:
    """The highest level that a contact has a means for, by what is there now."""
    has = row.secret or row.phone or row.passkeys.filter(level__gte=MEANS).exists()
    return MEANS if has else CODE

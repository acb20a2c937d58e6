"""What the API says of publishing. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType, field


class ChangeShown(msgspec.Struct, kw_only=True):
    """What Publish would add, change or remove; `id` is of a row that is there."""

    kind: str
    id: str | None
    name: str
    what: Literal["added", "changed", "removed"]
    fields: list[DifferenceShown]
    by: str
    at: datetime | None


class DifferenceShown(msgspec.Struct, kw_only=True):
    """What of it differs: by the field's name, before and after."""

    field: str
    before: Any
    after: Any


class Publishing(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`about` is one line, for later."""

    about: str | UnsetType = UNSET


class PublicationShown(msgspec.Struct, kw_only=True):
    """What was put in force, when, by whom."""

    id: str
    serial: int
    made_at: datetime
    by: str
    about: str
    digest: str
    changed: list[Changed]


class Changed(msgspec.Struct, kw_only=True):
    """What a publication added, changed or removed."""

    kind: str
    name: str
    what: Literal["added", "changed", "removed"]


class Restoring(msgspec.Struct, kw_only=True, omit_defaults=True):
    """With `drafts`, the drafts are taken back to that version as well."""

    drafts: bool | UnsetType = UNSET


class Undoing(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The serial of the version that is in force now: another one in force, and nothing is undone."""

    serial: int


class Trying(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Who writes to whom, when (now without it), as what; with the drafts, or with what is in force."""

    sender: str
    to: list[str]
    at: datetime | UnsetType | None = UNSET
    variant: Literal["new", "reply", "forward"] | UnsetType = UNSET
    source: Literal["drafts", "force"] | UnsetType = UNSET


class Tried(msgspec.Struct, kw_only=True):
    """The copies of the mail, and of each template and campaign why it is in them or not."""

    mail: str
    copies: list[CopyShown]
    verdicts: list[VerdictShown]
    problems: list[str]


class CopyShown(msgspec.Struct, kw_only=True):
    """A copy and who gets it: its text and HTML as it would leave; `untouched` says why where it leaves as
    written."""

    recipients: list[str]
    html: str
    text: str
    untouched: str | None


class VerdictShown(msgspec.Struct, kw_only=True):
    """Whether a template or campaign is in a copy (its place in `copies`), and why."""

    kind: Literal["template", "campaign"]
    id: str
    name: str
    taken: bool
    stage: str
    why: str
    of: int


class DraftsReach(msgspec.Struct, kw_only=True):
    """So many of these mails would have carried something else."""

    missing: Literal["off", "unpublished", "nothing"] | None
    asked: int = field(default=0)
    all: int = field(default=0)
    first: datetime | None = field(default=None)
    last: datetime | None = field(default=None)
    other: int = field(default=0)


class CampaignReach(msgspec.Struct, kw_only=True):
    """Of these mails it suits so many, would have been in `shown`, and would have reached so many
    people."""

    missing: Literal["off", "unpublished", "nothing"] | None
    asked: int = field(default=0)
    all: int = field(default=0)
    first: datetime | None = field(default=None)
    last: datetime | None = field(default=None)
    suits: int = field(default=0)
    shown: int = field(default=0)
    people: int = field(default=0)

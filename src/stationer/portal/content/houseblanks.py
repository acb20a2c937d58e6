"""What holds for every mail of the company: sentences, and the blanks in them. What a partner has set says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stationer.pick.checks import MOST_COPIES
from stationer.portal.content.blanks import Names, kept_names
from stationer.portal.content.penblanks import PenBlank, within
from stationer.portal.content.sentence import (
    PLACES,
    Piece,
    all_of,
    any_of,
    pieces,
    plain,
    short,
    when_sentence,
)
from stationer.portal.content.timing import When
from stationer.portal.content.trackingblanks import TRACKING, Decoy, Tracking
from stationer.portal.people.models import Pen
from stationer.portal.site.fields import Many
from stationer.wire.definition import Management
from stationer.wire.rules import Rule, Schedule
from stationer.wire.words import SLOTS

MIXED: dict[str, Callable[[], str]] = {
    "shared": lambda: _("everybody gets the same, and only what suits all of them"),
    "strictest": lambda: _("everybody gets the same, namely what suits those outside"),
    "copies": lambda: _("each audience gets a copy of its own"),
}
PICTURES: dict[str, Callable[[], str]] = {
    "linked": lambda: _("fetched when the mail is opened"),
    "embedded": lambda: _("inside each mail"),
}


def _most(count: int) -> str:
    if not count:
        return _("no campaign messages")
    return ngettext("at most {count} message", "at most {count} messages", count).format(count=count)


def _seconds(ms: int) -> str:
    return ngettext("{count} second", "{count} seconds", ms // 1000).format(count=ms // 1000)


def sentences(now: Management, locks: frozenset[str]) -> list[list[Piece]]:
    """One for each matter; `now` are the settings in force."""

    def blank(name: str, text: str, empty: bool = False) -> Piece:
        return Piece(text, name, empty, name in locks)

    pause = any_of(short([plain(when_sentence(when)) for when in now.blackout], 2))
    quiet = any_of(short(now.quiet_groups))
    places = all_of([PLACES[slot]() for slot in SLOTS if slot in now.slots])
    blanks = {
        "most": blank("most_messages", _most(now.most_messages)),
        "slots": blank("slots", places or _("nowhere"), not places),
        "blackout": blank("blackout", pause or _("no special time"), not pause),
        "quiet": blank("quiet_groups", quiet or _("nobody"), not quiet),
        "mixed": blank("mixed", MIXED[now.mixed]()),
        "hold": blank("hold_limit_ms", _seconds(now.hold_limit_ms)),
        "pictures": blank("pictures", PICTURES[now.pictures]()),
        "tracking": blank("tracking", TRACKING[now.tracking]()),
        "decoy": blank("decoy", _("do") if now.decoy else _("do not"), not now.decoy),
        "replay": blank(
            "replay",
            _("is kept for seven days") if now.replay else _("is not kept"),
            not now.replay,
        ),
    }
    texts = [
        _("A mail carries {most}; letterheads, signatures and messages may stand {slots}."),
        _("Messages rest at these times: {blackout}. Mails written by these people carry none: {quiet}."),
        _("When a mail goes to people inside and outside at once, {mixed}."),
        _("Pictures are {pictures}."),
        _("A mail waits for us {hold} at most. Then it leaves with the last good stationery, or as written."),
        _("Of links in mails {tracking}."),
        _("To tell programs from people, mails {decoy} carry one link more that nobody sees."),
        _("Who wrote to whom, as keyed figures that only help to try drafts, {replay}."),
    ]
    return [pieces(text, blanks) for text in texts]


class MostMessages(PenBlank):
    """How many messages a mail carries."""

    field, rows = "most_messages", (("most_messages",),)
    most_messages = forms.IntegerField(
        label=gettext_lazy("Campaign messages in one mail, at most"), min_value=0, max_value=10
    )


class Slots(PenBlank):
    """Where something may stand."""

    field, rows = "slots", (("slots",),)
    slots = Many(
        label=gettext_lazy("Letterheads, signatures and messages may stand"),
        help_text=gettext_lazy("What is meant for a place that is not ticked is left out of mails."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["slots"].choices = [(slot, PLACES[slot]()) for slot in SLOTS]  # type: ignore[attr-defined]


class QuietGroups(PenBlank):
    """Whose own mails carry no messages."""

    field, rows = "quiet_groups", (("quiet_groups",),)
    quiet_groups = Many(
        label=gettext_lazy("Mails written by people in these groups carry no messages"),
        help_text=gettext_lazy("Their letterhead and signature stay."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["quiet_groups"].choices = kept_names(self.groups, self.pen.quiet_groups)  # type: ignore[attr-defined]


class Mixed(PenBlank):
    """What becomes of a mail whose recipients are not all alike."""

    field, rows = "mixed", (("mixed",), ("most_copies",))
    beside = ("most_copies",)
    mixed = forms.ChoiceField(
        label=gettext_lazy("When a mail goes to people inside and outside at once"), widget=forms.RadioSelect
    )
    most_copies = forms.IntegerField(
        label=gettext_lazy("Copies of one mail, at most"),
        min_value=2,
        max_value=MOST_COPIES,
        help_text=gettext_lazy("Only where each audience gets a copy of its own."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mixed"].choices = [(name, words()) for name, words in MIXED.items()]  # type: ignore[attr-defined]

    def now(self) -> dict[str, Any]:
        return {"most_copies": self.pen.most_copies}

    def keep(self) -> None:
        self.pen.most_copies = self.cleaned_data["most_copies"]
        within(self.pen, "most_copies")
        super().keep()


class HoldLimit(PenBlank):
    """How long a mail waits."""

    field, rows = "hold_limit_ms", (("hold_s",),)
    hold_s = forms.IntegerField(
        label=gettext_lazy("How long a mail may wait for us, in seconds"),
        min_value=1,
        max_value=3600,
        help_text=gettext_lazy(
            "After that it leaves with the last good stationery, or as written. Never not at all."
        ),
    )

    def now(self) -> dict[str, Any]:
        return {"hold_s": self.pen.hold_limit_ms // 1000}

    def value(self) -> int:
        return int(self.cleaned_data["hold_s"]) * 1000


class Pictures(PenBlank):
    """How pictures reach the reader."""

    field, rows = "pictures", (("pictures",),)
    pictures = forms.ChoiceField(
        label=gettext_lazy("Pictures in mails are"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Fetched: mails stay small, but many mail programs ask their reader first. "
            "Inside: everybody sees them at once, and each mail grows by their size."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pictures"].choices = [(name, words()) for name, words in PICTURES.items()]  # type: ignore[attr-defined]


class Replay(PenBlank):
    """Whether an edge keeps records."""

    field, rows = "replay", (("replay",),)
    replay = forms.TypedChoiceField(
        label=gettext_lazy("Who wrote to whom"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "True",
        choices=[
            ("False", gettext_lazy("is not kept")),
            ("True", gettext_lazy("is kept for seven days, to try drafts on")),
        ],
        help_text=gettext_lazy(
            "Addresses are kept as keyed figures, never as addresses, and nothing of what a mail says. "
            "Switched off, all of it is removed at the next Publish."
        ),
    )


class Blackout(When):
    """One more time at which messages rest."""

    quiet = True

    def __init__(self, pen: Pen, data: Any = None, *, groups: Names = ()) -> None:
        self.pen = pen
        super().__init__(Rule(when=Schedule(zone=pen.zone)), data, calendars=pen.calendars)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not any(data.get(n) for n in ("starts", "ends", "weekdays", "opens")):
            self.add_error("starts", _("Say when: a day, some weekdays or some hours."))
        return data

    def keep(self) -> None:
        """Add it. Raises ValidationError."""
        when = self.schedule(Schedule(zone=self.pen.zone))
        self.pen.blackout = [*self.pen.blackout, msgspec.to_builtins(when)]
        self.pen.full_clean()
        self.pen.save(update_fields=["blackout"])


#: `?edit=` → its blank.
HOUSE: dict[str, type[PenBlank] | type[Blackout]] = {
    "most_messages": MostMessages,
    "slots": Slots,
    "blackout": Blackout,
    "quiet_groups": QuietGroups,
    "mixed": Mixed,
    "hold_limit_ms": HoldLimit,
    "pictures": Pictures,
    "tracking": Tracking,
    "decoy": Decoy,
    "replay": Replay,
}

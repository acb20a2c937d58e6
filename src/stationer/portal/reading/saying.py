"""What the door's pages say of the last figures, by the word in their address.

The word only chooses a sentence: what it says of a code is looked up in the codes of the browser that asks, so that an
address that somebody else wrote tells nothing and opens nothing. No sentence depends on whether an address may read.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stationer.portal.reading import codes
from stationer.portal.reading.models import Code

AT_THE_DOOR = {
    "used": gettext_lazy("This code was used already: it works once. Ask for a new one."),
    "late": gettext_lazy("This code is over: it works for ten minutes. Ask for a new one."),
    "guessed": gettext_lazy("This code is over: there were too many wrong attempts. Ask for a new one."),
    "older": gettext_lazy("These are the figures of an older mail, and its code is over. Ask for a new one."),
    "elsewhere": gettext_lazy(
        "This browser has not asked for a code. A code works in the very browser, and the kind of window, in which it "
        "was asked for: type it there, or have one sent from here."
    ),
}
#: The same, beside the field or button that it is about.
BESIDE = {
    "passkey": gettext_lazy(
        "This passkey is not known here, or it took too long. Try once more, or take a code."
    ),
    "password": gettext_lazy(
        "The address and the password do not go together. After ten attempts in an hour a code alone lets you in."
    ),
}
AT_THE_STEP = {
    "secret": gettext_lazy(
        "This is not the secret. It is the one that was told to you in person or by telephone."
    ),
    "wait": gettext_lazy("There were too many attempts. Wait a minute, then try once more."),
}


class Said(NamedTuple):
    """A sentence at the field of the code (`wrong`), or above it."""

    text: str
    wrong: bool


def at_the_door(word: str) -> dict[str, object]:
    """What the door's template says for a word; nothing for one that is none."""
    said = BESIDE.get(word, "")
    return {"notice": AT_THE_DOOR.get(word, ""), f"wrong_{word}" if said else "": said}


def at_the_step(word: str) -> str:
    """The sentence beside the secret; empty for a word that is none."""
    return str(AT_THE_STEP.get(word, ""))


def of_a_code(word: str, row: Code, other: Code | None) -> Said | None:
    """The sentence of the page that waits for the code of `row`. `other`: the one whose figures were typed."""
    newest = codes.reference(row)
    if word == "sent":
        return Said(_("It was sent once more, with the same code and the same reference."), False)
    if word == "soon":
        return Said(
            _("That mail left less than twenty seconds ago. Give it a moment; then it can be sent again."),
            False,
        )
    if word == "half":
        text = _("The code has {many} figures. No attempt was counted; type all of them.")
        return Said(text.format(many=row.figures), True)
    if word in ("older", *AT_THE_DOOR):
        text = _(
            "This is the code of an older mail. Take the one of the newest, with the reference {newest}."
        )
        if word == "older" and other is not None:
            text = _(
                "This is the code of an older mail, with the reference {older}. Take the one of the newest, with the "
                "reference {newest}."
            )
        return Said(text.format(newest=newest, older=codes.reference(other) if other else ""), True)
    return Said(_wrong(row, newest), True) if word == "wrong" else None


def _wrong(row: Code, newest: str) -> str:
    left = max(codes.MOST_GUESSES - row.guesses, 0)
    tries = ngettext("One attempt is left.", "{left} attempts are left.", left).format(left=left)
    said = _(
        "This is not the code of the mail with the reference {newest}. A code that was asked for in another browser or "
        "another window works there alone."
    )
    return f"{said.format(newest=newest)} {tries}"

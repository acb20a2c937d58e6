"""What is wrong with a file or with one of its lines, in words: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from stationer.portal.people.attributes import label

Sentences = tuple[Callable[[], str], Callable[[], str]]

#: Of a whole file: what is wrong, what to do.
FILES: dict[str, Sentences] = {
    "workbook": (
        lambda: _("This is an Excel workbook, not a CSV file."),
        lambda: _("In Excel choose “Save as” and “CSV UTF-8”, and send that file."),
    ),
    "pdf": (lambda: _("This is a PDF."), lambda: _("Save the table as CSV and send that file.")),
    "picture": (lambda: _("This is a picture."), lambda: _("Save the table as CSV and send that file.")),
    "packed": (lambda: _("This file is compressed."), lambda: _("Unpack it and send the CSV file inside.")),
    "binary": (
        lambda: _("This is no text: it holds characters that no table of people has."),
        lambda: _("Save the table as “CSV UTF-8” and send that file."),
    ),
    "utf32": (
        lambda: _("The file is written in UTF-32, which we do not read."),
        lambda: _("Save it as “CSV UTF-8” and send it again."),
    ),
    "empty": (
        lambda: _("The file is empty."),
        lambda: _("It needs a line with headings, and one line for each person."),
    ),
    "heading": (
        lambda: _("The first line cannot be read: a cell has more than {most} characters, or is not closed."),
        lambda: _("Look whether a quotation mark is missing there, and send the file again."),
    ),
    "large": (
        lambda: _("The file has more than {most} MB."),
        lambda: _("Split it into several and bring them in one after the other."),
    ),
    "encoding": (
        lambda: _("The file is not written in {name} from beginning to end."),
        lambda: _("Choose another encoding, and see whether the names look right."),
    ),
    "missing": (
        lambda: _("The file is no longer on the server."),
        lambda: _("Send it again; nobody was changed."),
    ),
    "fault": (
        lambda: _("Something went wrong on our side; nobody was changed."),
        lambda: _("Try again. If it happens again, tell whoever runs the server."),
    ),
    "moved": (
        lambda: _("People were changed here while the file waited."),
        lambda: _("Look at what it would do now, and go on."),
    ),
}
#: Why a directory's plan stopped: more would go than the directory may take by itself.
FILES |= {
    "share": (
        lambda: _(
            "{number} of {there} people would be taken out; more than {most} % are not without asking."
        ),
        lambda: _("If that is right, go on. If not, look at the directory and its filter first."),
    ),
    "share-day": (
        lambda: _(
            "{number} of {there} people would be taken out within a day; more than {most} % are not without asking."
        ),
        lambda: _("If that is right, go on. If not, look at the directory and its filter first."),
    ),
    "share-details": (
        lambda: _(
            "{number} of {there} people would get another address or lose a detail; more than {most} % are not without "
            "asking."
        ),
        lambda: _("If that is right, go on. If not, look at the directory and its rules first."),
    ),
    "share-groups": (
        lambda: _(
            "{number} of {there} people would come out of a group; more than {most} % are not without asking."
        ),
        lambda: _("If that is right, go on. If not, look at the directory’s groups first."),
    ),
}
#: Of one line.
LINES: dict[str, Sentences] = {
    "quotes": (
        lambda: _("A quotation mark does not fit: a text is not closed, or goes on after its end."),
        lambda: _(
            "Close the text, and write a quotation mark inside it twice. The lines after it were read."
        ),
    ),
    "cells": (
        lambda: _("It has {there} cells, the heading {wanted}."),
        lambda: _("Put texts that hold the delimiter into quotation marks."),
    ),
    "no-address": (
        lambda: _("There is no e-mail address."),
        lambda: _("Fill it in, or take the line out."),
    ),
    "address": (
        lambda: _("“{value}” is no e-mail address."),
        lambda: _("Write it as alice@example.com."),
    ),
    "above": (
        lambda: _("They may do more than keep people, so a file changes none of their addresses."),
        lambda: _("Leave their further addresses as they are, and change them on their own page."),
    ),
    "twice": (
        lambda: _("The address stands on line {first} already."),
        lambda: _("Keep one of the two lines."),
    ),
    "taken": (
        lambda: _("“{value}” is somebody else’s address here."),
        lambda: _("Take it from them first, or leave it out."),
    ),
    "taken-line": (
        lambda: _("“{value}” is given to somebody else on line {first}."),
        lambda: _("Leave it out of one of the two lines."),
    ),
    "text": (
        lambda: _("What stands under “{label}” cannot be kept."),
        lambda: _("It may have {most} characters, and no control characters."),
    ),
    "phone": (
        lambda: _("“{value}” under “{label}” is no telephone number."),
        lambda: _("Write it as +44 1632 960 100."),
    ),
    "link": (
        lambda: _("“{value}” under “{label}” is no address on the web."),
        lambda: _("Write it as https://example.com."),
    ),
    "choice": (
        lambda: _("“{value}” is none of the words that “{label}” may have."),
        lambda: _("Write one of them, or add it to the list."),
    ),
    "package": (
        lambda: _("There is no package “{value}”."),
        lambda: _("Write the name of one that exists, or make it first."),
    ),
    "group": (
        lambda: _("The name of a group is too long."),
        lambda: _("It may have 120 characters; several names stand between semicolons."),
    ),
}


def told(table: Mapping[str, Sentences], said: Mapping[str, Any] | None) -> tuple[str, str]:
    """What is wrong, and what to do."""
    if not said or said.get("code") not in table:
        return ("", "")
    words = dict(said) | ({"label": label(str(said["name"]))} if "name" in said else {})
    what, advice = table[str(said["code"])]
    return what().format(**words), advice().format(**words)

"""The words of a notification in English and German, and which fields each may and must hold.

A PEN's own words stand in their place by language and name; `languages.py` says which are taken.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each word the fields that it must hold; it may hold no other.
FIELDS: Mapping[str, frozenset[str]] = {
    "heading": frozenset({"author"}),
    "heading_unknown": frozenset(),
    "kept": frozenset({"pen"}),
    "kept_one": frozenset({"pen"}),
    "kept_many": frozenset({"pen", "count"}),
    "until": frozenset({"date"}),
    "go": frozenset(),
    "how": frozenset(),
    "doubt": frozenset({"host"}),
    "doubt_call": frozenset({"host"}),
    "sent_by": frozenset({"name", "address"}),
    "sent_by_name": frozenset({"name"}),
    "call": frozenset({"phone"}),
    "date": frozenset({"day", "month", "year"}),
    "months": frozenset(),
}

ENGLISH: Mapping[str, str] = {
    "heading": "{author} has written to you",
    "heading_unknown": "A letter is waiting for you",
    "kept": "The letter is private, so it did not travel by mail. It is kept for you at {pen}.",
    "kept_one": "The letter and its attachment are private, so they did not travel by mail. "
    "They are kept for you at {pen}.",
    "kept_many": "The letter and its {count} attachments are private, so they did not travel by mail. "
    "They are kept for you at {pen}.",
    "until": "You can read it until {date}.",
    "go": "To read it, go to",
    "how": "We then send a code to this address. Type it in, and the letter opens; you can answer it there, too. "
    "There is no password and nothing to install.",
    "doubt": "Not sure that this is from us? Type {host} into your browser yourself. "
    "Answering this mail does not reach the letter: please answer on the page.",
    "doubt_call": "Not sure that this is from us? Type {host} into your browser yourself, or call the number below. "
    "Answering this mail does not reach the letter: please answer on the page.",
    "sent_by": "Sent by {name} of {address}",
    "sent_by_name": "Sent by {name}",
    "call": "Call: {phone}",
    "date": "{day} {month} {year}",
    "months": "January|February|March|April|May|June|July|August|September|October|November|December",
}

GERMAN: Mapping[str, str] = {
    "heading": "{author} hat Ihnen geschrieben",
    "heading_unknown": "Ein Brief wartet auf Sie",
    "kept": "Der Brief ist vertraulich und kam deshalb nicht mit dieser E-Mail. Er liegt bei {pen} für Sie bereit.",
    "kept_one": "Der Brief und sein Anhang sind vertraulich und kamen deshalb nicht mit dieser E-Mail. "
    "Sie liegen bei {pen} für Sie bereit.",
    "kept_many": "Der Brief und seine {count} Anhänge sind vertraulich und kamen deshalb nicht mit dieser E-Mail. "
    "Sie liegen bei {pen} für Sie bereit.",
    "until": "Sie können ihn bis zum {date} lesen.",
    "go": "Zum Lesen öffnen Sie",
    "how": "Wir schicken dann einen Code an diese Adresse. Geben Sie ihn ein, und der Brief öffnet sich; "
    "antworten können Sie dort ebenfalls. Sie brauchen kein Passwort und müssen nichts installieren.",
    "doubt": "Nicht sicher, ob das von uns kommt? Tippen Sie {host} selbst in Ihren Browser ein. "
    "Eine Antwort auf diese E-Mail erreicht den Brief nicht: Bitte antworten Sie auf der Seite.",
    "doubt_call": "Nicht sicher, ob das von uns kommt? Tippen Sie {host} selbst in Ihren Browser ein, oder rufen Sie "
    "die Nummer unten an. Eine Antwort auf diese E-Mail erreicht den Brief nicht: Bitte antworten Sie auf der Seite.",
    "sent_by": "Gesendet von {name}, {address}",
    "sent_by_name": "Gesendet von {name}",
    "call": "Telefon: {phone}",
    "date": "{day}. {month} {year}",
    "months": "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
}

OURS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "de": GERMAN}

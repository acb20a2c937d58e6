"""Countries whose law asks a recipient's consent before it is noted who follows a link: a new PEN there starts without.

By the end of a domain, since that is what is known of a company when it begins. It is where a company starts and not
what it must do: what it does in the end, its owner decides and answers for.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

_EPRIVACY = (
    "Directive 2002/58/EC, Article 5(3): reading from a reader's device asks for consent, and the European Data "
    "Protection Board counts addresses made for one reader among it (Guidelines 2/2023)"
)
_PECR = (
    "Privacy and Electronic Communications Regulations 2003, regulation 6: the same rule, kept in British law"
)
_EUROPE = "eu at be bg cy cz de dk ee es fi fr gr hr hu ie is it li lt lu lv mt nl no pl pt ro se si sk"  # EU and EEA

#: The end of a domain → the law.
CONSENT_FIRST = MappingProxyType(dict.fromkeys(_EUROPE.split(), _EPRIVACY) | {"uk": _PECR, "gi": _PECR})


def law_of(domains: Iterable[str]) -> str:
    """The law by which a company with these domains asks first; empty where none is known."""
    ends = (domain.rstrip(".").rpartition(".")[2].lower() for domain in domains)
    return next((CONSENT_FIRST[end] for end in ends if end in CONSENT_FIRST), "")

"""The sources of the conformance suite's mails."""

from __future__ import annotations

from tests.conformance.making.charsets import charsets
from tests.conformance.making.frame import Made
from tests.conformance.making.lines import lines
from tests.conformance.making.others import others
from tests.conformance.making.protected import protected
from tests.conformance.making.replies import replies
from tests.conformance.making.special import special
from tests.conformance.making.structures import structures


def everything() -> list[Made]:
    """Every case, from every source."""
    return [*replies(), *protected(), *special(), *charsets(), *lines(), *structures(), *others()]

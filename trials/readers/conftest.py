"""Real readers for the trials of this folder; left out, with the reason, where one is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from trials.conftest import leave_out
from trials.readers.letterhead import Letterhead
from trials.readers.letters import Letter, letters
from trials.readers.readers import Reader, roundcube, thunderbird
from trials.servers.dovecot import Dovecot
from trials.servers.pictures import Pictures
from trials.servers.roundcube import Roundcube
from trials.servers.workshop import Workshop, missing_for_roundcube, missing_for_thunderbird


@pytest.fixture(scope="session")
def letterhead() -> Letterhead:
    """The demo company's stationery."""
    return Letterhead()


@pytest.fixture(scope="module")
def pictures(letterhead: Letterhead) -> Iterator[Pictures]:
    """Where the stationery's pictures are linked from."""
    server = Pictures(letterhead.files)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mails(letterhead: Letterhead, pictures: Pictures) -> dict[str, tuple[Letter, bytes]]:
    """Every letter and the mail it became, by name."""
    return {letter.name: (letter, letter.stamped(letterhead, pictures.url)) for letter in letters()}


@pytest.fixture(scope="session")
def webmail(workshop: Workshop, dovecot: Dovecot) -> Iterator[Roundcube]:
    """Roundcube in front of the trials' Dovecot."""
    leave_out(missing_for_roundcube())
    server = Roundcube(workshop("roundcube"), dovecot)
    yield server
    server.stop()


WAYS = [f"{program}, {theme}" for program in ("Thunderbird", "Roundcube") for theme in ("light", "dark")]


@contextmanager
def opened(
    request: pytest.FixtureRequest, workshop: Workshop, program: str, held: list[bytes], **more: bool
) -> Iterator[Reader]:
    """`Thunderbird` or `Roundcube` with these mails; left out where it is not installed."""
    if program == "Thunderbird":
        leave_out(missing_for_thunderbird())
        with thunderbird(workshop, held, **more) as shown:
            yield shown
    else:
        served = request.getfixturevalue("webmail")
        with roundcube(request.getfixturevalue("browser"), served, held, **more) as page:
            yield page


@pytest.fixture(scope="module", params=WAYS)
def reader(
    request: pytest.FixtureRequest, workshop: Workshop, mails: dict[str, tuple[Letter, bytes]]
) -> Iterator[Reader]:
    """Each reader, with all mails, in both of its themes."""
    program, theme = request.param.split(", ")
    with opened(
        request, workshop, program, [mail for _, mail in mails.values()], dark=theme == "dark"
    ) as shown:
        yield shown


@pytest.fixture
def dark(request: pytest.FixtureRequest) -> bool:
    """Whether `reader` shows its dark theme."""
    return str(request.node.callspec.params["reader"]).endswith("dark")

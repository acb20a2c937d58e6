"""The worker: what must happen without anyone waiting for it. Its truth is rows; being killed costs it nothing.

Each turn writes rolls and states that are due, puts down snapshots that are not, makes figures, and reads a piece of a
file of people. What somebody waits for (clicks judged, alerts told, mail handed over, hooks called) has a thread of its
own, so that no backlog of the other stands before it; so has what other servers are asked for (directories; the scanner
of secure messages), which may take minutes to answer. Faults in one chore do not stop the others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from stationer.portal.access import enrolling, roll
from stationer.portal.delivery import listening, queue, suppressing
from stationer.portal.people.importing import work as imports
from stationer.portal.statistics import forgetting
from stationer.portal.statistics.rolling import marking
from stationer.portal.statistics.rolling import turning as rolling
from stationer.watch.log import Voice

PAUSE_S = 0.5
#: What somebody waits for is looked at so often.
SOON_S = 0.2
#: What partners hand down, and what is counted for them every ten minutes, is asked for no more often than this.
HANDED_S, COUNTED_S = 2.0, 30.0
HOURLY_S, DAILY_S = 3600.0, 86_400.0
#: What is watched is put together, and what of it is due is asked for, no more often than this.
GATHERED_S, LOOKED_S = 60.0, 5.0
#: Of each thread that hands mail over; one looks often, the others help where there is much.
MAIL_PAUSES_S = (SOON_S, 1.0, 1.1, 1.2)
say = Voice("worker")


Chores = tuple[Callable[[], object], ...]


def prompt() -> Chores:
    """What somebody waits for, from the click to the mail that tells of it, in this order."""
    from stationer.portal.alerts import sending as alerts
    from stationer.portal.hooks import sending as hooks
    from stationer.portal.reading import phone_calling
    from stationer.portal.statistics import judging

    return (judging.turn, alerts.turn, phone_calling.turn, hooks.turn)


def mails() -> Chores:
    """Mail handed over: several at a time, so that a slow server keeps nobody else's waiting."""
    return (queue.turn,)


def others(clock: Callable[[], float] = time.monotonic) -> Chores:
    """What may take its time, in this order."""
    from stationer.portal.partners import counting, handing
    from stationer.portal.publishing import placing
    from stationer.portal.statistics import state
    from stationer.portal.surveys import counting as votes
    from stationer.portal.vault import turning as vault

    return (
        roll.write_all_due, state.write_all_due, placing.place_all, imports.turn, votes.turn, rolling.turn,
        rarely(handing.turn, HANDED_S, clock), rarely(counting.turn, COUNTED_S, clock),
        vault.clear,
    )  # fmt: skip


def rarely(
    chore: Callable[[], object], every_s: float, clock: Callable[[], float], first_s: float = 0.0
) -> Callable[[], object]:
    """This chore, `first_s` after now; once it found nothing to do, or failed, the database is not asked again for so
    long."""
    rests_until = clock() + first_s

    @wraps(chore)
    def turn() -> object:
        nonlocal rests_until
        if (now := clock()) < rests_until:
            return 0
        rests_until = now + every_s
        if done := chore():
            rests_until = now
        return done

    return turn


def afar() -> Chores:
    """What other servers are asked for."""
    from stationer.portal.directories import working as directories
    from stationer.portal.reputation import looking, subjects

    return (
        directories.turn,
        rarely(subjects.gather, GATHERED_S, time.monotonic),
        rarely(looking.turn, LOOKED_S, time.monotonic),
    )


def secure() -> Chores:
    """Checks of secure messages: a scanner may keep them waiting."""
    from stationer.portal.vault import turning as vault

    return (vault.check,)


def post() -> Chores:
    """What somebody wrote to the trial's mailbox; its server may keep it waiting too."""
    from stationer.portal.trial.reading import reader

    return (reader.turn,)


def chores() -> Chores:
    """All that a worker does."""
    return (*prompt(), *mails(), *others(), *afar(), *secure(), *post())


def begin() -> None:
    """Once, before the first turn: what a crash or a restored folder left over."""
    from stationer.portal.statistics import months, state

    roll.write_missing()
    state.write_missing()
    months.make_ahead()
    marking.install()


def sweeps(clock: Callable[[], float] = time.monotonic) -> Chores:
    """Once a day, beside the turns because they walk all blobs. Blobs that no row names go no sooner than a day after
    the start: where somebody began with the wrong database, there is time to see it."""
    from stationer.portal.vault import sweeping

    return (rarely(sweep, DAILY_S, clock), rarely(sweeping.sweep_now, DAILY_S, clock, DAILY_S))


def sweep() -> None:
    """What killed writers of blobs left."""
    from stationer.portal.content import pictures

    if gone := pictures.blobs().clean():
        say.info("leftovers-removed", files=len(gone))


def warm() -> None:
    """Read what the first mail would otherwise wait for, for seconds: every address of the portal, templates, words."""
    reverse("home")
    get_template("alerts/alert.html")
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Home")


def tidy() -> None:
    """Once an hour: forget what is over."""
    from stationer.portal.alerts import sending as alerts
    from stationer.portal.company import deed as company_files
    from stationer.portal.content import binning
    from stationer.portal.directories import working as directories
    from stationer.portal.hooks import sending as hooks
    from stationer.portal.partners import counting, hosts, statements
    from stationer.portal.programs import once
    from stationer.portal.providers import replays
    from stationer.portal.publishing import marking as marks
    from stationer.portal.reading import codes, phone_codes, sittings
    from stationer.portal.reputation import looking as reputation
    from stationer.portal.statistics import receiving, remembering
    from stationer.portal.statistics.privacy import masking
    from stationer.portal.surveys import forgetting as votes
    from stationer.portal.trial import asking as trials
    from stationer.portal.vault import turning as vault
    from stationer.portal.visits import forgetting as visits

    for chore in (
        lambda: call_command("clearsessions"),
        masking.mask_old,
        enrolling.forget_old,
        binning.forget_old,
        marks.gather,
        queue.forget_old,
        suppressing.forget_old,
        alerts.forget_old,
        hooks.forget_old,
        imports.forget_old,
        remembering.forget_old,
        receiving.forget_old,
        votes.forget_old,
        forgetting.forget_old,
        visits.forget_old,
        statements.close_all,
        counting.forget_old,
        hosts.look_again,
        directories.forget_old,
        company_files.forget_old,
        once.forget_old,
        replays.forget_old,
        trials.forget_old,
        codes.forget_old,
        phone_codes.forget_old,
        sittings.forget_old,
        reputation.forget_old,
        vault.tidy,
    ):
        do(chore)


def do(chore: Callable[[], object]) -> object:
    """One chore; a fault is said and the next turn tries again."""
    try:
        return chore()
    except Exception:
        say.fault(
            "fault", chore=f"{getattr(chore, '__module__', '')}.{getattr(chore, '__name__', 'delivery')}"
        )
        return None


def run(stop: threading.Event) -> None:
    """Work until `stop` is set."""
    do(warm)
    do(begin)
    beside = [
        threading.Thread(target=keep_doing, args=(stop, sweeps(), DAILY_S / 1440), name="sweep"),
        threading.Thread(target=keep_doing, args=(stop, prompt(), SOON_S), name="prompt"),
        *(
            threading.Thread(target=keep_doing, args=(stop, mails(), pause), name=f"mail-{number}")
            for number, pause in enumerate(MAIL_PAUSES_S)
        ),
        threading.Thread(target=keep_doing, args=(stop, afar(), PAUSE_S), name="afar"),
        threading.Thread(target=keep_doing, args=(stop, secure(), PAUSE_S), name="secure"),
        threading.Thread(target=keep_doing, args=(stop, post(), PAUSE_S), name="post"),
        threading.Thread(target=listening.run, args=(stop,), name="reports"),
    ]
    for thread in beside:
        thread.start()
    keep_doing(stop, others(), PAUSE_S, tidy)
    for thread in beside:
        thread.join()


def keep_doing(
    stop: threading.Event, work: Chores, pause_s: float, hourly: Callable[[], object] | None = None
) -> None:
    """These chores until `stop` is set, with a pause when there is nothing to do; `hourly` once an hour."""
    tidied = time.monotonic()
    while not stop.is_set():
        close_old_connections()
        done = [do(chore) for chore in work]
        if hourly is not None and time.monotonic() - tidied > HOURLY_S:
            do(hourly)
            tidied = time.monotonic()
        if not any(done):
            stop.wait(pause_s)
    connection.close()

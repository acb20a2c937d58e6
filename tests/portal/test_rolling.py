"""Figures: sums of raw rows equal a naive count of them, whatever came late, twice or was judged anew."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stationer.portal.people.members import add_member
from stationer.portal.people.models import AddressList
from stationer.portal.people.scope import ForeignPen, pen_scope
from stationer.portal.statistics import forgetting
from stationer.portal.statistics.figures import chance
from stationer.portal.statistics.models import Addressee, EarlyReport, Hit, Mail, Shown
from stationer.portal.statistics.rolled import (
    DayFigure,
    DaySketch,
    DueDay,
    DueHour,
    HourFigure,
    Keeping,
    Rolling,
)
from stationer.portal.statistics.rolling import clock, marking, sketch, turning
from stationer.portal.statistics.rolling.inserting import insert
from stationer.portal.statistics.rolling.removing import sweep

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
CAMPAIGNS = [uuid.UUID(int=n) for n in (1, 2)]
MESSAGES = [uuid.UUID(int=n) for n in (11, 12, 21)]
PEOPLE = ["a@one.example", "b@one.example", "c@two.example", "@three.example"]


def sent(at=T0, to=("a@one.example",), outcome="used", shows=(), held=(), sender=None, unnamed=False):
    """A mail as taking writes it. `shows`: (campaign, message, used)."""
    mail = Mail.objects.create(
        pick=uuid.uuid4(), at=at, people=len(to), outcome=outcome, sender=sender, unnamed=unnamed
    )
    for address in to:
        Addressee.objects.create(mail=mail, address=address)
    for campaign, of, used in shows:
        Shown.objects.create(mail=mail, campaign=campaign, of=of, mark="m", used=used)
    for campaign in held:
        Shown.objects.create(mail=mail, campaign=campaign, held=True)
    return mail


def clicked(mail, at=None, campaign=None, of=None, human=None):
    return Hit.objects.create(
        at=at or mail.at + timedelta(minutes=5),
        mail=mail,
        campaign=campaign,
        of=of,
        method="GET",
        human=human,
    )


def sums(campaign=None, of=None):
    rows = HourFigure.objects.filter(campaign=campaign, of=of)
    names = ("mails", "clicked", "raw", "human", "held", "raw_then", "human_then")
    found = rows.aggregate(**{f"n_{name}": Sum(name) for name in names})
    return {name: found[f"n_{name}"] or 0 for name in names if found[f"n_{name}"]}


def test_a_mail_counts_when_it_was_used_or_somebody_clicked(in_acme):
    [one, _two], [first, *_] = CAMPAIGNS, MESSAGES
    sent(shows=[(one, first, True)])
    sent(outcome="untouched", shows=[(one, first, False)])
    unknown = sent(outcome="", shows=[(one, first, None)])
    turning.settle(in_acme)
    assert sums() == {"mails": 1} and sums(one) == {"mails": 1} == sums(one, first)
    clicked(unknown, campaign=one, of=first)
    turning.settle(in_acme)
    assert sums(one) == {"mails": 2, "raw": 1, "raw_then": 1}
    assert sums() == {"mails": 2, "raw": 1, "raw_then": 1}


def test_a_click_belongs_to_its_mail_and_to_its_own_hour_too(in_acme):
    mail = sent(shows=[(CAMPAIGNS[0], MESSAGES[0], True)])
    turning.settle(in_acme)
    clicked(mail, T0 + timedelta(days=3), CAMPAIGNS[0], MESSAGES[0], True)
    turning.settle(in_acme)
    mine = HourFigure.objects.filter(campaign=CAMPAIGNS[0], of=None)
    assert mine.filter(at=T0.replace(minute=0)).aggregate(n=Sum("human"), c=Sum("clicked")) == {
        "n": 1,
        "c": 1,
    }
    then = mine.get(at=T0.replace(minute=0) + timedelta(days=3))
    assert (then.raw_then, then.human_then, then.human) == (1, 1, 0)


def test_a_hit_that_is_judged_anew_changes_the_figures(in_acme):
    mail = sent(shows=[(CAMPAIGNS[0], MESSAGES[0], True)])
    hit = clicked(mail, campaign=CAMPAIGNS[0], of=MESSAGES[0])
    turning.settle(in_acme)
    assert "human" not in sums(CAMPAIGNS[0])
    Hit.objects.filter(pk=hit.pk).update(human=True, score=90)
    turning.settle(in_acme)
    assert sums(CAMPAIGNS[0], MESSAGES[0]) == {"mails": 1, "raw": 1, "human": 1, "clicked": 1}
    Hit.objects.filter(pk=hit.pk).update(human=False)
    turning.settle(in_acme)
    assert sums(CAMPAIGNS[0], MESSAGES[0]) == {"mails": 1, "raw": 1}
    assert not DueHour.objects.exists() and not DueDay.objects.exists()


def test_members_domains_and_lists_have_their_days(in_acme):
    anna = add_member("anna@acme.example")
    row = AddressList.objects.create(name="L", addresses=["a@one.example", "c@two.example"])
    mail = sent(to=PEOPLE, sender=anna, shows=[(CAMPAIGNS[0], MESSAGES[0], True)])
    clicked(mail, campaign=CAMPAIGNS[0], of=MESSAGES[0], human=True)
    turning.settle(in_acme)
    for campaign in (None, CAMPAIGNS[0]):
        rows = DayFigure.objects.filter(campaign=campaign)
        found = {
            (one["kind"], one["key"]): (one["m"], one["c"], one["r"], one["h"])
            for one in rows.values("kind", "key").annotate(
                m=Sum("mails"), c=Sum("clicked"), r=Sum("raw"), h=Sum("human")
            )
        }
        everything = (1, 1, 1, 1)
        assert found == {
            ("member", anna.pk.hex): everything,
            ("domain", "one.example"): everything,
            ("domain", "two.example"): everything,
            ("domain", "three.example"): everything,
            ("list", row.pk.hex): everything,
        }


def test_people_are_counted_once_and_those_of_a_domain_are_nobody_in_particular(in_acme):
    for day in range(3):
        sent(T0 + timedelta(days=day), to=PEOPLE, shows=[(CAMPAIGNS[0], MESSAGES[0], True)])
    turning.settle(in_acme)
    for campaign in (None, CAMPAIGNS[0]):
        kept = DaySketch.objects.filter(campaign=campaign, of=None, what="reached")
        assert kept.count() == 3
        assert sketch.size(sketch.joined(bytes(one.people) for one in kept)) == 3


def test_lift_looks_at_mails_to_one_person_on_both_sides(in_acme):
    one = CAMPAIGNS[0]
    mail = sent(shows=[(one, MESSAGES[0], True)])
    clicked(mail, human=True)  # on the signature: any link of the mail
    sent(to=PEOPLE[:2], shows=[(one, MESSAGES[0], True)])
    sent(to=["z@one.example"], unnamed=True, shows=[(one, MESSAGES[0], True)])
    back = sent(to=["b@one.example"], held=[one])
    clicked(back, human=True)
    sent(to=["c@two.example"], held=[one])
    turning.settle(in_acme)
    sizes = {
        row.what: sketch.size(bytes(row.people)) for row in DaySketch.objects.filter(campaign=one, of=None)
    }
    assert sizes == {"reached": 3, "seen": 1, "seen-clicked": 1, "held": 2, "held-clicked": 1}
    assert sums(one)["held"] == 2


def test_hours_before_raw_rows_were_forgotten_stay_as_they_are(in_acme):
    sent(shows=[(CAMPAIGNS[0], MESSAGES[0], True)])
    turning.settle(in_acme)
    Rolling.objects.update(raw_from=T0 + timedelta(days=1))
    Mail.objects.all().delete()
    turning.settle(in_acme)
    assert sums() == {"mails": 1}
    turning.again(in_acme)
    assert sums() == {"mails": 1} and DaySketch.objects.exists()


def test_what_is_old_is_forgotten_and_its_figures_stay(in_acme):
    mail = sent(shows=[(CAMPAIGNS[0], MESSAGES[0], True)])
    clicked(mail, T0 + timedelta(days=50), CAMPAIGNS[0], MESSAGES[0], True)
    young = sent(T0 + timedelta(days=50))
    Hit.objects.create(at=T0, method="GET")
    EarlyReport.objects.create(at=T0, pick=uuid.uuid4(), outcome="used")
    early = EarlyReport.objects.create(at=T0 + timedelta(days=50), pick=uuid.uuid4(), outcome="used")
    Keeping.objects.create(raw_days=30, figure_months=2)
    forgetting.forget(in_acme, T0 + timedelta(days=51))
    assert list(Mail.objects.all()) == [young] and list(EarlyReport.objects.all()) == [early]
    assert not Shown.objects.exists() and Addressee.objects.count() == 1
    assert [one.mail_id for one in Hit.objects.all()] == [None]  # young, of an old mail
    turning.settle(in_acme)
    turning.again(in_acme)
    assert sums()["mails"] == 2 and sums(CAMPAIGNS[0])["human"] == 1 == sums(CAMPAIGNS[0])["human_then"]
    late = sent(T0)
    forgetting.forget(in_acme, T0 + timedelta(days=51))
    assert sums()["mails"] == 2 and not Mail.objects.filter(pk=late.pk).exists()
    forgetting.forget(in_acme, T0 + timedelta(days=100))
    assert sums()["mails"] == 1 and {row.day for row in DayFigure.objects.all()} == {date(2026, 12, 23)}


def test_what_the_audit_tells_of_is_not_swept(in_acme):
    with pytest.raises(ValueError, match="told of"):
        sweep(AddressList.objects.all())


def test_days_go_by_the_clock_of_the_company(acme):
    acme.zone = "Asia/Kolkata"
    acme.save()
    with pen_scope(acme):
        sent(datetime(2026, 11, 3, 18, 29, tzinfo=UTC))
        sent(datetime(2026, 11, 3, 18, 31, tzinfo=UTC))
        turning.settle(acme)
        assert {row.at.minute for row in HourFigure.objects.all()} == {30}
        assert {row.day for row in DayFigure.objects.all()} == {date(2026, 11, 3), date(2026, 11, 4)}
        acme.zone = "Europe/Berlin"
        acme.save()
        sent(datetime(2026, 11, 3, 18, 32, tzinfo=UTC))
        turning.settle(acme)
        assert sums() == {"mails": 3}
        assert {row.day for row in DayFigure.objects.all()} == {date(2026, 11, 3)}


def test_the_worker_counts_hours_at_once_and_days_a_minute_later(acme, other):
    for pen in (acme, other):
        with pen_scope(pen):
            sent()
    assert turning.turn()
    with pen_scope(acme):
        assert sums() == {"mails": 1} and not DayFigure.objects.exists()
        DueDay.objects.update(due_at=T0)
        Rolling.objects.update(rest_until=None)  # a slow machine rests after its work
    assert turning.turn()
    with pen_scope(acme):
        assert DayFigure.objects.exists() and not DueDay.objects.exists()
    assert not turning.turn()


def test_a_company_that_is_taken_out_leaves_no_marks(acme):
    with pen_scope(acme):
        sent()
        acme.delete()
    turning.turn()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM statistics_duehour")
        assert cursor.fetchone() == (0,)


def test_marks_are_put_in_place_again_without_harm(in_acme):
    marking.install()
    marking.install()
    sent()
    assert DueHour.objects.exists()


def test_what_is_inserted_at_once_stays_in_the_company(in_acme):
    with pytest.raises(ForeignPen):
        insert(HourFigure, ("at", "pen"), [(T0, uuid.uuid4())])
    with pytest.raises(ValueError, match="told of"):
        insert(AddressList, ("name",), [("L",)])
    insert(
        DayFigure, ("day", "kind", "mails", "clicked", "raw", "human"), [(T0.date(), "member", 1, 0, 0, 0)]
    )
    assert [row.pen_id for row in DayFigure.objects.all()] == [in_acme.pk]


# ── a history at random ──

MINUTES = st.integers(0, 26 * 60)
SHOWS = st.lists(
    st.tuples(st.sampled_from([(CAMPAIGNS[0], MESSAGES[0]), (CAMPAIGNS[0], MESSAGES[1]), (CAMPAIGNS[1], MESSAGES[2])]),
              st.sampled_from([True, False, None])),
    max_size=3, unique_by=lambda one: one[0],
)  # fmt: skip
HITS = st.lists(
    st.tuples(MINUTES, st.sampled_from([None, 0, 1, 2]), st.sampled_from([None, True, False]),
              st.sampled_from([None, True, False])),
    max_size=3,
)  # fmt: skip
MAILS = st.tuples(
    MINUTES, st.sampled_from(["used", "used", "untouched", ""]), st.sets(st.sampled_from(PEOPLE)), SHOWS,
    st.sets(st.sampled_from(CAMPAIGNS)), HITS,
)  # fmt: skip
SHOWN_AS = [(CAMPAIGNS[0], MESSAGES[0]), (CAMPAIGNS[0], MESSAGES[1]), (CAMPAIGNS[1], MESSAGES[2])]


def naive(history):
    """The figures by the words of contract/figures.md, in plain Python over what was told."""
    found = Counter()
    for minute, outcome, _to, shows, held, hits in history:
        at = (T0 + timedelta(minutes=minute)).replace(minute=0)
        if outcome != "used" and not hits:
            continue
        found[at, None, None, "mails"] += 1
        asked = {SHOWN_AS[which] for _, which, *_ in hits if which is not None}
        stood = {pair for pair, used in shows if used or (used is None and pair in asked)}
        for campaign, of in stood:
            found[at, campaign, of, "mails"] += 1
        for campaign in {campaign for campaign, _ in stood}:
            found[at, campaign, None, "mails"] += 1
        for campaign in held:
            found[at, campaign, None, "held"] += 1
        human = set()
        for then, which, _, judged in hits:
            then = (T0 + timedelta(minutes=then)).replace(minute=0)
            pair = SHOWN_AS[which] if which is not None else None
            for key in {(None, None), *([(pair[0], None), pair] if pair else [])}:
                found[at, *key, "raw"] += 1
                found[at, *key, "human"] += judged is True
                if judged:
                    human.add(key)
                if key[1] is None:
                    found[then, *key, "raw_then"] += 1
                    found[then, *key, "human_then"] += judged is True
        for key in human:
            found[at, *key, "clicked"] += 1
    return +found


def rolled():
    found = Counter()
    for row in HourFigure.objects.all():
        for name in ("mails", "clicked", "raw", "human", "held", "raw_then", "human_then"):
            found[row.at, row.campaign, row.of, name] += getattr(row, name)
    return +found


def told_in_part(history, order):
    """Everything, in an order of its own: hits first without their mail and judged, reports late, the figures between."""
    late = []
    for n in order:
        minute, outcome, to, shows, held, hits = history[n]
        at = T0 + timedelta(minutes=minute)
        rows = [
            Hit.objects.create(
                at=T0 + timedelta(minutes=then), method="GET", human=first,
                campaign=SHOWN_AS[which][0] if which is not None else None,
                of=SHOWN_AS[which][1] if which is not None else None,
            )
            for then, which, first, _ in hits
        ]  # fmt: skip
        late.append((at, outcome, to, shows, held, hits, rows))
    yield
    joined = []
    for at, outcome, to, shows, held, hits, rows in late:
        mail = sent(at, sorted(to), "", [(*pair, None) for pair, _ in shows], sorted(held))
        Hit.objects.filter(pk__in=[row.pk for row in rows]).update(mail=mail)
        joined.append((mail, outcome, shows, hits, rows))
    yield
    for mail, outcome, shows, hits, rows in reversed(joined):
        Mail.objects.filter(pk=mail.pk).update(outcome=outcome)
        for (campaign, of), used in shows:
            Shown.objects.filter(mail=mail, campaign=campaign, of=of).update(used=used)
        for row, (*_, judged) in zip(rows, hits, strict=True):
            Hit.objects.filter(pk=row.pk).update(human=judged)
    yield


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_figures_equal_a_naive_count_in_any_order_of_arrival(acme, data):
    history = data.draw(st.lists(MAILS, max_size=4))
    order = data.draw(st.permutations(range(len(history))))
    stops = data.draw(st.sets(st.integers(0, 2)))
    with pen_scope(acme):
        for model in (Hit, Mail, HourFigure, DayFigure, DaySketch, DueDay, DueHour):
            model.objects.all().delete()  # the example before
        for step, _ in enumerate(told_in_part(history, order)):
            if step in stops:
                turning.settle(acme)
        turning.settle(acme)
        assert rolled() == naive(history)
        people = {a for _, o, to, _, _, hits in history if o == "used" or hits for a in to if a[0] != "@"}
        kept = [bytes(row.people) for row in DaySketch.objects.filter(campaign=None)]
        assert sketch.size(sketch.joined(kept)) == len(people)
        HourFigure.objects.update(mails=7)
        turning.again(acme)
        assert rolled() == naive(history)


@given(st.sets(st.integers(0, 5000)), st.sets(st.integers(0, 5000)))
def test_sketches_join_without_loss(some, more):
    made = [sketch.write(sketch.value(b"k" * 32, str(n)) for n in one) for one in (some, more, some | more)]
    assert sketch.joined(made[:2]) == made[2]
    assert sketch.size(made[2]) == len(some | more)


@given(st.sets(st.integers(0, 5000)), st.sets(st.integers(0, 5000)))
def test_a_share_below_the_most_is_counted(some, more):
    def of(people):
        return sketch.write(sketch.value(b"k" * 32, str(n)) for n in people)

    whole = some | more
    hits, looked_at = sketch.share(of(whole), of(some))
    assert (hits, looked_at) == (len(some), len(whole)) if len(whole) < sketch.MOST else looked_at == 2047
    assert hits <= looked_at


def test_a_campaign_that_does_nothing_is_seldom_said_to_do_something_among_many_people():
    draw = random.Random(1)

    def side():
        days = [[draw.getrandbits(64) for _ in range(2500)] for _ in range(3)]
        clicked = [[one for one in people if draw.random() < 0.5] for people in days]
        whole, part = (sketch.joined(map(sketch.write, kept)) for kept in (days, clicked))
        return chance.Share(*sketch.share(whole, part))

    said = [chance.difference(side(), side()).verdict for _ in range(120)]
    assert 1 <= sum(one in ("more", "less") for one in said) <= 12  # 6 are to be expected
    assert "same" in said


@pytest.mark.parametrize("count", [2047, 2048, 20_000, 300_000])
def test_many_people_are_told_within_a_tenth(count):
    told = sketch.size(sketch.write(sketch.value(b"k" * 32, f"{n}@example.org") for n in range(count)))
    assert told == count if count < sketch.MOST else abs(told - count) < count / 10


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York"]
)
def test_a_day_is_whole_hours_of_ours(zone):
    for day in clock.days(date(2026, 3, 27), date(2026, 4, 1)):
        start = clock.begins(day, zone)
        assert clock.hour_of(start, zone) == start
        assert clock.day_of(start, zone) == day
        assert clock.day_of(start - timedelta(seconds=1), zone) == day - timedelta(days=1)

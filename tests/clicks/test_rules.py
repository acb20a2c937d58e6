"""Each rule speaks when it should, says what it saw in a plain sentence, and the score is their sum."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.clicks import HUMAN_FROM, RULES, Around, Reason, Seen, duration, judge, sentence
from stationer.clicks.agents import agent
from stationer.clicks.networks import network_of
from tests.clicks.corpus import CHROME, CUBOT, FIREFOX, IN_APP, IPHONE, SAFARI, T0, navigated

BROWSER = {"agent": CHROME.format(140), "hints": navigated("en-GB,en;q=0.9"), "address": "81.2.69.142"}
MINUTE = 60_000


def seen(after=10 * MINUTE, number=0, mail="m", name=None, **said):
    return Seen(name or f"{mail}-{number}-{after}", mail, number, T0 + after, **{**BROWSER, **said})


def judged(hit, *mail, elsewhere=(), sent=T0, secure=True):
    verdict = judge(hit, Around(sent, (hit, *mail), tuple(elsewhere), secure))
    return verdict, {one.rule: one.saw for one in verdict.reasons}


def test_a_browser_that_opens_a_link_after_a_while_is_a_person():
    verdict, rules = judged(seen())
    assert verdict.human and verdict.score == 90 and not verdict.repeat
    assert rules == {"opened": {}, "time-to-read": {"after_s": 600}, "language": {"said": "en-GB"}}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"number": 255}, "decoy"),
        ({"method": "HEAD"}, "head"),
        ({"agent": ""}, "agent-none"),
        ({"agent": "Barracuda Sentinel (EE)"}, "agent-scanner"),
        ({"agent": "Slackbot-LinkExpanding 1.0"}, "agent-preview"),
        ({"agent": "Mozilla/5.0 HeadlessChrome/140.0"}, "agent-headless"),
        ({"agent": "python-requests/2.32"}, "agent-program"),
        ({"agent": "Mozilla/5.0 (compatible; AnyBot/2.0)"}, "agent-program"),
        ({"agent": "Microsoft Office/16.0"}, "office-check"),
        ({"agent": CHROME.format(60)}, "agent-old"),
        ({"agent": "Lotus-Notes/6.0"}, "agent-strange"),
        ({"hints": {}}, "no-language"),
        ({"hints": {"accept-language": "de"}}, "no-fetch-metadata"),
        ({"hints": {"accept-language": "de", "sec-purpose": "prefetch;prerender"}}, "prefetch"),
        ({"hints": {"accept-language": "de", "sec-fetch-mode": "no-cors"}}, "no-navigation"),
        ({"hints": {"accept-language": "de", "sec-fetch-mode": "navigate", "sec-fetch-dest": "image"}}, "no-navigation"),
        ({"after": 900}, "at-once"),
        ({"after": 9_000}, "soon"),
        ({"address": "40.107.1.2"}, "scanner-network"),
    ],
)  # fmt: skip
def test_what_a_request_says_of_itself(said, rule):
    verdict, rules = judged(seen(**said))
    assert rule in rules
    assert verdict.score < judged(seen())[0].score


def test_a_browser_says_nothing_of_itself_over_plain_http():
    hit = seen(hints={"accept-language": "de"})
    assert "no-fetch-metadata" not in judged(hit, secure=False)[1]
    assert judged(hit, secure=False)[0].human


@pytest.mark.parametrize("sent", [None, T0 + 20 * MINUTE])
def test_a_time_that_is_not_known_or_cannot_be_speaks_for_nobody(sent):
    assert not {"at-once", "soon", "time-to-read"} & judged(seen(), sent=sent)[1].keys()


def test_between_a_quick_look_and_a_read_nothing_is_said():
    assert not {"at-once", "soon", "time-to-read"} & judged(seen(after=20_000))[1].keys()


def test_three_links_in_ten_seconds_are_a_sweep_in_their_order_or_not():
    hits = [seen(MINUTE + n * 700, n) for n in range(3)]
    for hit in hits:
        verdict, rules = judged(hit, *hits)
        assert not verdict.human
        assert rules["sweep"] == {"links": 3, "within_s": 2} and "in-order" in rules
    mixed = [seen(MINUTE + n * 700, number) for n, number in enumerate((2, 0, 1))]
    assert "in-order" not in judged(mixed[0], *mixed)[1]
    slow = [seen(MINUTE + n * 20_000, n) for n in range(3)]
    assert judged(slow[1], *slow)[0].human


def test_two_links_at_once_are_suspicious_and_two_after_a_look_are_not():
    assert judged(seen(), seen(10 * MINUTE + 900, 1))[1]["pair"] == {"within_s": 1}
    assert "pair" not in judged(seen(), seen(10 * MINUTE + 9_000, 1))[1]


def test_a_sweep_from_changing_addresses_is_one_all_the_same():
    hits = [seen(MINUTE + n * 300, n, address=f"3.4.5.{n}") for n in range(4)]
    verdict, rules = judged(hits[0], *hits)
    assert rules["sweep-apart"] == {"links": 4, "within_s": 1, "addresses": 4}
    assert verdict.score == 60 + 8 + 12 + 10 - 55


def test_many_addresses_that_ask_for_one_link_at_once_are_programs():
    hits = [seen(MINUTE + n * 2_000, address=f"3.4.5.{n}") for n in range(4)]
    assert judged(hits[1], *hits)[1]["many-addresses"] == {"addresses": 4, "within_s": 6}


def test_whoever_touches_the_decoy_is_a_program_in_all_it_does_there():
    decoy = seen(11 * MINUTE, 255)
    assert not judged(seen(), decoy)[0].human
    assert judged(decoy)[0].score == 0
    elsewhere_ = seen(11 * MINUTE, 255, address="3.4.5.6")
    assert judged(seen(), elsewhere_)[0].human
    assert "sweep" not in judged(decoy, *(seen(11 * MINUTE, n) for n in range(3)))[1]


def test_a_look_at_the_headers_before_speaks_against_the_same_program():
    head = seen(10 * MINUTE - 900, method="HEAD")
    verdict, rules = judged(seen(), head)
    assert rules["head-first"] == {"before_s": 1} and not verdict.human
    assert "head-first" not in judged(seen(), seen(9 * MINUTE - 900, method="HEAD"))[1]
    office = seen(10 * MINUTE - 900, method="HEAD", agent="Microsoft Office/16.0")
    assert judged(seen(), office)[0].human
    own = judged(seen(agent="Microsoft Office/16.0"), office)[1]
    assert "head-first" not in own


def test_a_second_click_at_once_is_the_same_and_a_fifth_is_a_program():
    again = seen(10 * MINUTE + 400)
    verdict, rules = judged(again, seen())
    assert verdict.repeat and verdict.human and rules["repeat"] == {"before_s": 1}
    assert not judged(seen(), again)[0].repeat
    many = [seen(10 * MINUTE + n * 300) for n in range(5)]
    assert judged(many[0], *many)[1]["hammering"] == {"times": 5, "within_s": 2}


def test_a_click_after_its_own_prefetch_is_new_and_another_after_that_is_not():
    ahead = seen(10 * MINUTE - 2_000, hints={**BROWSER["hints"], "sec-purpose": "prefetch"})
    assert not judged(ahead)[0].human
    verdict, rules = judged(seen(), ahead)
    assert verdict.human and not verdict.repeat and rules["repeat"] == {"before_s": 2}
    assert judged(seen(10 * MINUTE + 900), ahead, seen())[0].repeat


def test_whoever_comes_back_is_rather_a_person():
    assert judged(seen(90 * MINUTE), seen())[1]["came-back"] == {"before_s": 4800}
    assert "came-back" not in judged(seen(90 * MINUTE, agent="curl/8"), seen(agent="curl/8"))[1]


def test_an_early_look_that_somebody_followed_was_a_check():
    early, later = seen(20_000), seen(address="9.9.9.9", agent=FIREFOX.format(140, 140))
    assert judged(early, later)[1]["followed"] == {"after_s": 20}
    assert not judged(seen(9_000), later)[0].human
    assert judged(later, early)[0].human
    assert (
        "followed" not in judged(early, seen(address="9.9.9.9"))[1]
    )  # the same program: the same reader on the move


def test_programs_before_a_reader_are_said_and_weigh_nothing():
    program = seen(9 * MINUTE, agent="curl/8.5", address="3.4.5.6")
    verdict, rules = judged(seen(), program)
    assert rules["checked-before"] == {"requests": 1} and verdict.score == 90


def test_one_address_on_many_mails_at_once_is_a_gateway():
    others = [seen(10 * MINUTE + n * 400, mail=f"m{n}") for n in range(3)]
    assert judged(seen(), elsewhere=others)[1]["other-mails"] == {"mails": 4, "within_s": 1}
    minute = [seen(10 * MINUTE + n * 6_900, mail=f"m{n}") for n in range(-4, 5)]
    assert judged(seen(), elsewhere=minute)[1]["other-mails"]["mails"] == 10
    readers = [seen(n * MINUTE, mail=f"m{n}") for n in range(30)]
    assert judged(seen(), elsewhere=readers)[0].human


def test_an_address_that_swept_other_mails_is_believed_less():
    swept = [seen(n * 300, n, mail="a") for n in range(3)] + [seen(5, 255, mail="b")]
    verdict, rules = judged(seen(), elsewhere=swept)
    assert rules["other-mails-swept"] == {"mails": 2} and not verdict.human
    assert "other-mails-swept" not in judged(seen(), elsewhere=swept[:3])[1]


def test_behind_a_privacy_relay_others_do_not_count():
    others = [seen(10 * MINUTE + n * 400, mail=f"m{n}", address="104.28.1.1") for n in range(5)]
    verdict, rules = judged(seen(address="104.28.1.1"), elsewhere=others)
    assert verdict.human and "shared-network" in rules and "other-mails" not in rules


def test_an_address_that_is_not_known_says_nothing():
    others = [seen(10 * MINUTE + n, mail=f"m{n}", address="") for n in range(9)]
    verdict, _ = judged(seen(address=""), *(seen(number=n, address="") for n in (1, 2)), elsewhere=others)
    assert verdict.human


def test_where_it_is_unsure_it_says_what_cannot_be_known():
    verdict, rules = judged(seen(9_000))
    assert 30 <= verdict.score <= 70 and rules["network-unknown"] == {"address": "81.2.69.142"}
    assert "network-unknown" not in judged(seen())[1]


def test_the_weightiest_reason_comes_first():
    verdict, _ = judged(seen(900, 255))
    assert [one.rule for one in verdict.reasons][:2] == ["decoy", "at-once"]


# ── the data ──


def test_every_rule_has_a_plain_sentence_and_some_scene_makes_it_speak():
    for rule in RULES.values():
        assert re.fullmatch(r"[a-z][a-z-]*[a-z]", rule.name) and -100 <= rule.weight <= 100
        assert rule.sentence[0].isupper() or rule.sentence.startswith("{")
        assert rule.sentence.endswith(".") and "  " not in rule.sentence


def test_sentences_say_what_was_seen():
    assert sentence(Reason("sweep", {"links": 5, "within_s": 3})) == (
        "The same address followed 5 links of this mail in 3 seconds."
    )
    assert sentence(Reason("came-back", {"before_s": 1})).endswith("1 second before.")
    assert sentence(Reason("network-unknown", {"address": "8.8.8.8"})).startswith("Whether 8.8.8.8 belongs")
    assert sentence(Reason("a-rule-that-is-no-more")) == "a-rule-that-is-no-more"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, (1, "second")),
        (119, (119, "second")),
        (120, (2, "minute")),
        (7_300, (2, "hour")),
        (200_000, (2, "day")),
    ],
)
def test_durations_are_said_in_the_greatest_unit_that_fits_twice(seconds, said):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("text", "kind", "name", "old"),
    [
        (CHROME.format(140), "browser", "Chrome", False),
        (CHROME.format(140) + " Edg/140.0", "browser", "Edge", False),
        (CHROME.format(79), "browser", "Chrome", True),
        (FIREFOX.format(140, 140), "browser", "Firefox", False),
        (SAFARI.format(18), "browser", "Safari", False),
        (IPHONE.format(18, 18), "browser", "Safari", False),
        (IN_APP, "browser", "Safari", False),
        (CUBOT.format(130), "browser", "Chrome", False),
        (
            "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
            "browser",
            "Internet Explorer",
            True,
        ),
        ("Mozilla/5.0 nothing more", "strange", "", False),
    ],
)
def test_browsers_are_known_by_name_and_age(text, kind, name, old):
    found = agent(text)
    assert (found.kind, found.name, found.old) == (kind, name, old)


def test_networks_are_known_where_their_owners_publish_them():
    assert network_of("209.222.82.7") == ("scanner", "Barracuda")
    assert network_of("2a02:26f7::1")[0] == "shared"
    assert network_of("81.2.69.142") is None is network_of("no address")


hits = st.builds(
    Seen,
    id=st.uuids().map(str),
    mail=st.sampled_from(["m", "n"]),
    number=st.sampled_from([0, 1, 2, 255]),
    at=st.integers(-(10**15), 10**15),
    method=st.sampled_from(["GET", "HEAD", "POST", ""]),
    address=st.sampled_from(["", "81.2.69.142", "40.107.0.1", "::1", "nonsense"]),
    agent=st.one_of(st.text(max_size=60), st.just(CHROME.format(140))),
    hints=st.dictionaries(
        st.sampled_from(["accept-language", "sec-fetch-mode", "purpose"]), st.text(max_size=20)
    ),
)


@given(hits, st.lists(hits, max_size=6), st.one_of(st.none(), st.integers(-(10**15), 10**15)), st.booleans())
def test_there_is_a_verdict_for_every_request_and_words_for_every_verdict(hit, others, sent, secure):
    verdict = judge(hit, Around(sent, tuple(others), tuple(others), secure))
    assert 0 <= verdict.score <= 100 and verdict.human == (verdict.score >= HUMAN_FROM)
    assert all(sentence(one) for one in verdict.reasons)
    assert judge(hit, Around(sent, tuple(reversed(others)), tuple(others), secure)).score == verdict.score

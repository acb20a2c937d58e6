"""The company file: what a person writes, and every mistake on its own line."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer import pick
from stationer.cli.snapshot import compile_company
from stationer.wire.definition import Caps
from stationer.wire.rules import Recipients, Rule, Schedule, Senders

EXAMPLE = files("stationer.cli").joinpath("examples", "company.yaml").read_text("utf-8")
FALLBACK = "templates: {t: {fallback: true}}\n"
NOTE = "    messages: {m: {content: {shape: note, words: x}}}"
HEAD = "pen: {id: p, name: P, domains: p.example, zone: Europe/London}\n"


def lines(text: str, folder: Path = Path()) -> list[int | None]:
    """The lines of all errors; nothing for a good file."""
    compiled, problems = compile_company(text, folder)
    assert (compiled is None) == bool(problems)
    assert all(problem.what and problem.next for problem in problems)
    return [problem.line for problem in problems]


def test_the_example_compiles_and_says_what_it_shows() -> None:
    compiled, problems = compile_company(EXAMPLE, Path())
    assert compiled is not None, problems
    assert [person.id for person in compiled.people] == [
        "alice@harbourdental.example",
        "bob@harbourdental.example",
    ]
    assert compiled.people[1].groups == ("dentists", "falmouth")
    assert compiled.people[1].attributes["phone"] == "01632 960 142"
    assert [campaign.id for campaign in compiled.campaigns] == ["open-evening", "fire-drill", "visit"]
    assert [template.id for template in compiled.templates] == ["dentists", "house"]


def test_what_a_campaign_asks_of_memory_is_read_one_to_one() -> None:
    campaign = """
campaigns:
  c:
    caps: {week: 2, ever: 5}
    cool_down_h: 36
    sequence: yes
    stop_after_click: true
    messages: {m: {content: {shape: note, words: One}}, n: {content: {shape: note, words: Two}}}
"""
    compiled, problems = compile_company(HEAD + FALLBACK + campaign, Path())
    assert compiled is not None, problems
    [offer] = compiled.campaigns
    assert (
        (offer.caps, offer.cool_down_h) == (Caps(0, 2, 5), 36) and offer.sequence and offer.stop_after_click
    )
    assert [message.id for message in offer.messages] == ["c/m", "c/n"] and offer.remembers()


def test_a_rule_is_read_one_to_one() -> None:
    company = pick.company.read(
        HEAD
        + """
people: [{address: a@p.example, groups: sales}]
lists: {vips: [v@x.example]}
campaigns:
  c:
    when:
      senders: {groups: sales, packages: [employees], addresses: a@p.example}
      to: {side: outside, domains: ["*.x.example", y.example], lists: vips, match: all}
      except_senders: {addresses: b@p.example}
      except_to: mixed
      starts: 2026-12-01
      ends: 2026-12-24T18:00
      weekdays: [mon-wed, sat]
      hours: 09:00-17:00
    messages: {}
"""
    )
    assert company.campaigns[0].rule == Rule(
        senders=Senders(("a@p.example",), ("sales",), ("employees",)),
        to=Recipients("outside", (), ("*.x.example", "y.example"), (), ("vips",), "all"),
        except_senders=Senders(("b@p.example",)),
        except_to=Recipients("mixed"),
        when=Schedule("2026-12-01", "2026-12-24T18:00", (0, 1, 2, 5), "09:00-17:00", "Europe/London"),
    )


def test_words_are_taken_as_they_are_typed() -> None:
    text = (
        HEAD
        + "people:\n- {address: A@P.example, phone: 0044123, fax: +441632, extension: 0x1F, since: 2020-01-01, yes: no}"
    )
    attributes = pick.company.read(text).people[0].attributes
    assert attributes == {
        "email": "a@p.example", "company": "P", "phone": "0044123", "fax": "+441632", "extension": "0x1F",
        "since": "2020-01-01", "yes": "no",
    }  # fmt: skip


def test_a_variant_may_repeat_another() -> None:
    text = (
        HEAD
        + "templates:\n  t:\n    new: {signature: {shape: signature}}\n    reply: new\n    forward: reply\n"
    )
    parts = pick.company.read(text).templates[0].parts
    assert parts["new"] == parts["reply"] == parts["forward"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1]),
        ("pen: [", [1]),
        ("a: b\n\tc: d", [2]),
        ("- a", [1]),
        ("pen: {id: p, name: P}", [1]),
        (HEAD + "campain: {}\nlists:\n  a: x@y.example\n  a: z@y.example", [2, 5]),
        (HEAD + "people:\n- name: Ann\n- address: b@p.example\n  package: friends", [3, 5]),
        (
            HEAD
            + "people:\n- address: ann\n- address: b@p.example\n  package: clint\n- address: B@p.example",
            [3, 5, 6],
        ),
        (HEAD + "management:\n  hold_limit: 60\n  most_messages: two\n  slots: [top, botom]", [3, 4, 5]),
        (HEAD + "campaigns:\n  c:\n    when:\n      to: outsde\n    messages: {}", [3, 5]),
        (HEAD + "campaigns:\n  c:\n    messages: {}", [3]),
        (
            HEAD
            + "campaigns:\n  c:\n    when:\n      senders: {groups: [nobody]}\n      to:\n        lists:\n"
            "        - gone\n    messages: {m: {content: {shape: note, words: x}}}",
            [5, 8],
        ),
        (
            HEAD
            + "campaigns:\n  c:\n    when:\n      to:\n        lists:\n        - gone\n      hours: late\n"
            "      starts: 2026-99-01\n    messages:\n      m:\n        weight: 0\n"
            "        content: {shape: note, words: x}",
            [7, 8, 9, 12],
        ),
        (
            HEAD + "campaigns:\n  c:\n    messages:\n      m:\n        content:\n          shape: banner\n"
            "          headline: x\n          link: nowhere\n          line: |\n            one\n            two {{\n",
            [9, 12],
        ),
        (
            HEAD + "campaigns:\n  c:\n    messages:\n      m:\n        content:\n          shape: mjml\n"
            "          mjml: |\n            <mj-section>\n"
            "              <mj-colum></mj-colum>\n            </mj-section>\n",
            [10],
        ),
        (HEAD + "lists:\n  a: {file: gone.txt}\npictures:\n  p: gone.png", [3, 5]),
        (HEAD + "templates:\n  a: {fallback: true, when: {to: inside}}\n  b: {fallback: maybe}", [3, 4]),
        ("pen: {id: p, name: P, domains: p.example,\n  zone: Mars/Base}\n", [2]),
        (
            HEAD.replace("Europe/London", "Mars") + "campaigns:\n  c:\n    when: {hours: 09:00-17:00}\n"
            "    messages: {m: {content: {shape: note, words: x}}}",
            [1],
        ),
        (HEAD + "templates:\n  a: {fallback: true, when: {to: inside}}\n  b:\n    fallback: true", [3, 5]),
        ("a: \x07b", [1]),
        (HEAD + "? [a]\n: b\n", [2]),
        (HEAD + FALLBACK + "people: words\n", [3]),
        (HEAD + "templates:\n  t:\n    fallback: true\n    new:\n      rof: {shape: note, words: x}\n", [6]),
        (HEAD + FALLBACK + "campaigns:\n  c:\n    when:\n      weekdays: someday\n" + NOTE, [6]),
        (HEAD + FALLBACK + "lists:\n  a: {file: /gone.txt}\n", [4, 4]),
        (HEAD + FALLBACK + "pictures:\n  p: {file: gone.png, size: many}\n", [4, 4]),
    ],
)
def test_every_mistake_is_told_with_its_line(text: str, expected: list[int]) -> None:
    assert lines(text) == expected


def test_what_is_left_empty_is_as_if_it_were_not_there_and_a_word_is_a_word() -> None:
    text = (
        HEAD
        + FALLBACK
        + "lists:\ngroups:\n  g:\n  h: ~\ncalendars:\npeople:\n- {address: a@p.example, name: Null}\n"
    )
    assert lines(text) == []
    read = pick.company.read(text)
    assert (read.groups, read.lists, read.calendars) == (("g", "h"), {}, {})
    assert read.people[0].attributes["name"] == "Null"


def test_what_a_draft_names_may_be_missing_until_it_is_live() -> None:
    draft = "campaigns:\n  c:\n    state: draft\n    when: {senders: {groups: [nobody]}}\n    messages: {}\n"
    assert lines(HEAD + FALLBACK + draft) == []
    assert lines(HEAD + FALLBACK + draft.replace("draft", "live")) == [4, 6]


EVERYTHING_WRONG = """\
pen:
  id: p
  name: P
  domains: [p example]
  zone: Mars/Base
management: {hold_limit: soon}
people:
- address: nobody
- {address: a@p.example, groups: sales, package: clint}
lists:
  vips: [not an address]
  file: {file: gone.txt}
pictures: {logo: gone.png}
campaigns:
  first:
    when:
      senders: {groups: sails}
      to: {lists: vip}
      hours: late
    messages:
      m:
        weight: 0
        content: {shape: baner}
      n:
        content:
          shape: note
          words: "{{ open"
      o: {weight: many}
  second:
    colour: red
"""


def test_mistakes_of_every_kind_are_told_in_one_run() -> None:
    assert lines(EVERYTHING_WRONG) == [4, 5, 6, 8, 9, 11, 12, 13, 17, 18, 19, 22, 23, 27, 28, 28, 30, 30]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pen: {id: p, name: P}\ncampaigns: {c: {}}", [1, 2]),
        ("people:\n- {name: A}\n- {name: B}\n", [1, 2, 3]),
        (HEAD + "list: {v: a@x.example}\ncampaigns: {c: {when: {to: {lists: v}}, messages: 3}}", [2, 3]),
        (HEAD + "campaigns: {c: {messages: {m: {content: {shap: note, words: x}}}}}", [2]),
    ],
)
def test_what_only_follows_from_a_mistake_is_not_told_as_another(text: str, expected: list[int]) -> None:
    assert lines(text) == expected


def test_a_list_and_a_picture_may_stand_in_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "v.txt").write_text("V@x.example  # the first\n\n# none here\nw@x.example\n")
    (tmp_path / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x58\0\0\0\xc8")
    text = HEAD.replace("zone", "assets: https://a.example/f/, zone") + (
        "lists: {v: {file: v.txt}}\npictures: {p: p.png}\ncampaigns:\n  c:\n    when: {to: {lists: v}}\n"
        "    messages: {m: {content: {shape: banner-picture, picture: p, alt: Words}}}\n"
    )
    compiled, problems = compile_company(text, tmp_path)
    assert compiled is not None, problems
    (content,) = compiled.contents.values()
    assert "https://a.example/f/" in str(content.html) and 'width="600"' in str(content.html)
    served = text.replace("{p: p.png}", "{p: {file: p.png, url: ftp://b.example/p.png}}")
    assert "no address on the web" in compile_company(served, tmp_path)[1][0].what
    compiled, problems = compile_company(served.replace("ftp:", "https:"), tmp_path)
    assert compiled is not None and "https://b.example/p.png" in str(compiled.contents), problems
    (tmp_path / "p.png").write_bytes(b"<svg/>")
    (tmp_path / "v.txt").write_text("V@x.example\nnobody\n")
    assert lines(text, tmp_path) == [2, 3]
    assert "Line 2 of v.txt" in compile_company(text, tmp_path)[1][0].what


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_with_a_sentence_and_never_crashes(data: st.DataObject) -> None:
    text = EXAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 30))
        text = (
            text[:at] + data.draw(st.text(alphabet=":-{}[]&*!|>'\"# \n\tax", max_size=6)) + text[at + cut :]
        )
    compiled, problems = compile_company(text, Path())
    assert (compiled is None) == bool(problems)


def test_the_schema_knows_every_key_of_the_example() -> None:
    schema = pick.company.schema()
    json.dumps(schema)
    for key in (
        "pen",
        "management",
        "people",
        "groups",
        "lists",
        "pictures",
        "templates",
        "campaigns",
        "packages",
    ):
        assert key in schema["properties"]
    assert schema["additionalProperties"] is False and schema["required"] == ["pen"]


def test_mistakes_in_settings_are_told_with_the_line_of_whoever_said_them() -> None:
    text = """pen: {id: p, name: P, domains: p.example}
management:
  blackout:
    - {hours: 20-6}
  most_messages: 3
  quiet_groups: bord
groups: {board: []}
partner:
  management:
    most_messages: 2
    most_copies: 1
    blackout: {weekdays: sun, not_on: bank}
  locks: [most_messages, slots]
calendars:
  banks: [2026-12-25, 25.12.2026]
templates:
  t:
    when: {senders: {where: {city: [Truro, ""]}}}
campaigns:
  c:
    holdout: 95
    caps: {day: 3, week: 2}
    cool_down_h: soon
    sequence: maybe
    when: {to: outside, not_on: [2026-12-25, 2026-99-01]}
    messages: {m: {content: {shape: note, words: Hello}}}
"""
    compiled, problems = compile_company(text, Path())
    assert compiled is None
    assert [(p.line, p.where) for p in problems if p.line] == [
        (4, "management/blackout/0/hours"),
        (5, "management/most_messages"),
        (6, "management/quiet_groups/0"),
        (11, "partner/management/most_copies"),
        (12, "partner/management/blackout/0/not_on/0"),
        (13, "partner/locks/1"),
        (15, "calendars/banks/1"),
        (17, "templates"),
        (18, "templates/t/when/senders/where/city/1"),
        (21, "campaigns/c/holdout"),
        (22, "campaigns/c/caps/day"),
        (23, "campaigns/c/cool_down_h"),
        (24, "campaigns/c/sequence"),
        (25, "campaigns/c/when/not_on/1"),
    ]

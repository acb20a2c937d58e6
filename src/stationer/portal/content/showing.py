"""From drafts to what stands in the preview: the blocks that publishing would make, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from stationer.compose import Pressed, Problem, press
from stationer.compose.places import in_text
from stationer.pick import plain_value
from stationer.portal.content.letter import Shown
from stationer.portal.content.models import Asset, Message, Template
from stationer.portal.content.pictures import pictures
from stationer.portal.content.writing import SourceForm
from stationer.portal.people.attributes import COMMON
from stationer.portal.people.models import Member, Pen
from stationer.portal.publishing.preview import preview
from stationer.portal.site.retelling import retold
from stationer.wire.rules import Senders
from stationer.wire.source import Source
from stationer.wire.words import Kind, Slot, Variant

#: What every person has without being given it (contract/company.md).
OWN = frozenset({"email", "company", "disclaimer"})
#: How many attributes of one source are looked for among the members, at most.
MOST_ASKED = 5


@dataclass(frozen=True)
class Noticed:
    """Something to mend, with the control it is about (`#id_…`) and the line in it."""

    what: str
    next: str
    href: str = ""
    line: int | None = None


def pressed(source: Source, kind: Kind, slot: Slot, pen: Pen, album: Iterable[Asset]) -> Pressed:
    """The content, or what must be mended before this can be published; `where` is the place of the field. `album`
    are the pictures of the PEN."""
    embedded = pen.management().pictures == "embedded"
    return press(source, kind=kind, slot=slot, pictures=pictures(album, embedded=embedded))


def placed(problems: Iterable[Problem], form: SourceForm) -> list[Noticed]:
    """Problems beside their controls: in a form after the element they are in."""
    return [_placed(problem, form) for problem in problems]


def _placed(problem: Problem, form: SourceForm) -> Noticed:
    before, href = place_of(problem.where, form)
    what = f"{before}: {retold(problem.what)}" if before else problem.what
    return Noticed(what, problem.next, href, problem.line)


def place_of(where: str, form: SourceForm) -> tuple[str, str]:
    """Which element a field is in (empty where it is in none), and its control on the page (`#id_…`)."""
    steps = where.split("/")
    if not where or where in ("shape", "elements"):
        return "", "#elements" if where else ""
    if where == "text":
        return "", "#id_twin"
    if steps[0] != "elements" or form.elements is None:
        return "", f"#id_v_{where}"
    one = next(iter(form.elements.forms[int(steps[1]) : int(steps[1]) + 1]), None)
    if one is None:
        return "", f"#id_v_{where}"
    href = f"#id_e{one.number}-{steps[2]}" if len(steps) > 2 else f"#element-{steps[1]}"
    return f"{int(steps[1]) + 1}. {one.called()}", href


@dataclass(frozen=True)
class Written:
    """A line of somebody's MJML, with what is wrong in it. Number 0 stands for lines that are left out."""

    number: int
    words: str
    wrong: tuple[str, ...] = ()


#: So many lines are shown before and after one that is wrong.
AROUND = 1


def listing(source: Source, problems: Iterable[Problem]) -> list[Written]:
    """The lines of an MJML source in which something is wrong, and those round them."""
    there = (problem for problem in problems if problem.where == "mjml")
    return excerpt(source.values.get("mjml", ""), there)


def excerpt(text: str, problems: Iterable[Problem]) -> list[Written]:
    """The same of any text."""
    wrong: dict[int, list[str]] = {}
    for problem in problems:
        if problem.line:
            wrong.setdefault(problem.line, []).append(f"{retold(problem.what)} {retold(problem.next)}")
    lines = text.split("\n")
    near = {n + d for n in wrong for d in range(-AROUND, AROUND + 1) if 0 < n + d <= len(lines)}
    found: list[Written] = []
    for number in sorted(near):
        if found and found[-1].number != number - 1:
            found.append(Written(0, "…"))
        found.append(Written(number, lines[number - 1][:200], tuple(wrong.get(number, ()))))
    return found


def unknown(source: Source) -> list[Problem]:
    """What can be published and surely is not meant: places for an attribute that no member of the PEN has."""
    places: dict[str, str] = {}
    for field, text in (*source.written(), ("", source.text)):
        for place in in_text(text):
            if not isinstance(place, str) and place[0] != "/" and place[1] and not place[2]:
                places.setdefault(place[1], field)
    asked = [name for name in places if name not in COMMON and name not in OWN][:MOST_ASKED]
    return [_nobodys(name, places[name]) for name in asked if not _somebodys(name)]


def _somebodys(name: str) -> bool:
    return Member.objects.filter(attributes__has_key=name).exists()


def _nobodys(name: str, where: str) -> Problem:
    what = _("Nobody has an attribute called {name}, so this stays empty.").format(name=name)
    instead = "{{" + name + "|…}}"
    then = _(
        "Correct the name, add that detail to people, or say after a bar what stands there instead: {place}."
    )
    return Problem(where, what, then.format(place=instead))


def shown(
    member: Member,
    variant: Variant,
    template: Template | None,
    messages: tuple[Message, ...] = (),
    *,
    bare: bool = False,
) -> list[Shown]:
    """The blocks of this template and these messages on the member's mail; `bare`, as on that of somebody of whom
    nothing but name and address is known."""
    known = {name: value for name, value in member.attributes.items() if name == "name"} if bare else None
    parts = preview(member, variant, template=template, messages=messages, attributes=known).parts
    return [Shown(part.slot, part.html, part.text) for part in parts]


def stationery_of(member: Member) -> Template | None:
    """The first template, in the order in which they are asked, whose senders include this member."""
    groups = set(member.groups.values_list("name", flat=True))
    for row in Template.objects.all():
        rule = row.wire_rule()
        but = rule.except_senders
        if row.fallback or (among(rule.senders, member, groups) and not (but and among(but, member, groups))):
            return row
    return None


def among(senders: Senders, member: Member, groups: set[str]) -> bool:
    """Whether a condition on the sender names this member; one without entries names everyone."""
    own = {name: plain_value(value) for name, value in member.attributes.items()}
    if any(own.get(name, "") not in map(plain_value, values) for name, values in senders.where.items()):
        return False
    if senders.names_nobody():
        return True
    named = member.address in senders.addresses or member.package.name in senders.packages
    return named or bool(groups & set(senders.groups))

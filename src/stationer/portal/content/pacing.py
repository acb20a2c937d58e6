"""How often one person sees a campaign, which of its messages, and what its links say: sentences with blanks."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.content.models import Campaign, Message
from stationer.portal.content.sentence import Piece, all_of, pieces, short
from stationer.wire.definition import Caps
from stationer.wire.source import Utm


def often(caps: Caps) -> str:
    """`at most once a day and 3 times a week`; empty without a cap."""
    said = [
        ngettext("once a day", "{count} times a day", caps.day).format(count=caps.day) if caps.day else "",
        ngettext("once a week", "{count} times a week", caps.week).format(count=caps.week)
        if caps.week
        else "",
        ngettext("once in all", "{count} times in all", caps.ever).format(count=caps.ever)
        if caps.ever
        else "",
    ]
    named = [one for one in said if one]
    return _("at most {times}").format(times=all_of(named)) if named else ""


def pause(hours: int) -> str:
    """`not again within 24 hours`, `not again within 3 days`; empty without a pause."""
    if not hours:
        return ""
    if hours % 24 or hours == 24:
        time = ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    else:
        time = ngettext("{count} day", "{count} days", hours // 24).format(count=hours // 24)
    return _("not again within {time}").format(time=time)


def pace_sentence(campaign: Campaign) -> list[Piece]:
    """How often one person sees it, when it stops, and how many mails go without it."""
    caps, again = often(campaign.wire_caps()), pause(campaign.cool_down_h)
    stops, held = campaign.stop_after_click, campaign.holdout
    blanks = {
        "often": Piece(caps or _("as often as mail goes to them"), "often", empty=not caps),
        "again": Piece(again or _("without a pause"), "again", empty=not again),
        "click": Piece(
            _("until they click a link") if stops else _("also after a click"), "click", empty=not stops
        ),
        "held": Piece(
            _("{share} % of mails go without it, so that you see what it does").format(share=held)
            if held
            else _("Every mail that it suits carries it"),
            "holdout",
            empty=not held,
        ),
    }
    return pieces(_("One person sees it {often}, {again}, {click}. {held}."), blanks)


def shares(messages: Sequence[Message]) -> list[int]:
    """Each message's share, in whole per cent that come to 100."""
    total = sum(row.weight for row in messages) or 1
    exact = [100 * row.weight / total for row in messages]
    found = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda n: found[n] - exact[n])
    for n in by_rest[: 100 - sum(found)]:
        found[n] += 1
    return found


def turn_sentence(campaign: Campaign, messages: Sequence[Message]) -> list[Piece]:
    """Which message a mail carries, where there are several."""
    if campaign.sequence:
        said = _("one after the other, in this order")
    else:
        named = zip(messages, shares(messages), strict=True)
        each = [_("“{name}” in {share} %").format(name=row.name, share=share) for row, share in named]
        said = _("by chance: {shares}").format(shares=all_of(short(each)))
    return pieces(_("Its messages come {turn}."), {"turn": Piece(said, "turn")})


def utm_sentence(utm: Utm) -> list[Piece]:
    """What its links say."""
    said = [f"{name.removeprefix('utm_')}={value}" for name, value in utm.tags().items()]
    text = _("say to your website {words}").format(words=", ".join(said)) if said else _("say nothing more")
    sentence = _("Its links {utm}.") if said else _("Its links {utm} than their address.")
    return pieces(sentence, {"utm": Piece(text, "utm", empty=not said)})

"""Which PEN a command is for: the one named, or the only one there is."""

from __future__ import annotations

from stationer.portal.people.models import Pen, pen_id_of


class NoSuchPen(LookupError):
    """There is no such PEN, or several and none was named; the message says which there are."""


def choose_pen(named: str = "") -> Pen:
    """The PEN of this id (`pen_…`) or name; the only one when nothing is named. Raises NoSuchPen."""
    pens = list(Pen.objects.order_by("created_at"))
    try:
        pen_id = pen_id_of(named)
    except ValueError:
        pen_id = None
    found = [pen for pen in pens if not named or pen.pk == pen_id or pen.name == named]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{pen.outside_id} ({pen.name})" for pen in pens) or "none; make one with create-pen"
    raise NoSuchPen(f"Name one PEN with --pen. There are: {there}.")

"""A company file into rows: made or brought up to date, all or nothing, and said one by one (contract/company.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction

from stationer.pick.company import CompanyErrors, CompanyFile
from stationer.pick.company.reading import clashes
from stationer.portal.content.company_rows import Comparison
from stationer.portal.content.comparing import Change
from stationer.portal.content.manner import USUAL, Manner, Progress, plain, silent, wrong_at
from stationer.portal.people.models import Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.wire.definition import Inherited
from stationer.wire.problem import Problem

__all__ = ["Manner", "bring_in", "held_to", "pen_for", "plain"]


def pen_for(company: CompanyFile) -> Pen:
    """The PEN that bears the file's id or name; a new one where there is none. Raises CompanyErrors."""
    known = {pen.outside_id: pen for pen in Pen.objects.all()}
    found = known.get(company.pen.id) or next((p for p in known.values() if p.name == company.pen.name), None)
    if found is not None:
        return found
    try:
        return create_pen(company.pen.name, company.pen.domains)
    except ValidationError as error:
        raise CompanyErrors((wrong_at(company, "pen", error),)) from error


def bring_in(
    company: CompanyFile,
    *,
    pen: Pen | None = None,
    pictures: Mapping[str, bytes],
    lists: Mapping[str, tuple[str, ...]],
    show: Callable[[Sequence[Change]], None] | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
    manner: Manner = USUAL,
) -> tuple[Pen, list[Change]]:
    """The PEN, and what was added or changed. Raises CompanyErrors; then nothing changed.

    `pictures` are the bytes by name, `lists` the addresses of those lists that stand in files. `show` is given the
    changes before the first of them is made, and may raise; with `dry_run` none is made.
    """
    with transaction.atomic():
        pen = pen or pen_for(company)
        with pen_scope(pen):
            work = Comparison(held_to(company, pen), pen, progress, manner)
            work.compare(pictures, lists)
            if work.problems:
                raise CompanyErrors(tuple(work.problems))
            if show is not None:
                show(work.kept.changes)
            if dry_run:
                transaction.set_rollback(True)
            else:
                work.kept.write(progress)
    return pen, work.kept.changes


def held_to(company: CompanyFile, pen: Pen) -> CompanyFile:
    """A file that says nothing of a partner, under what the PEN's partner has handed down. Raises CompanyErrors."""
    if company.says_partner and pen.partner_id is None:
        return company
    if company.says_partner and company.partner != msgspec.convert(pen.inherited, Inherited):
        what = "What a partner hands down is changed in the partner's own pages."
        raise CompanyErrors((company.placed(Problem("partner", what, "Take this part out of the file.")),))
    held = msgspec.structs.replace(company, partner=msgspec.convert(pen.inherited, Inherited))
    problems = tuple(held.placed(problem) for problem in clashes(held))
    if problems:
        raise CompanyErrors(problems)
    return held

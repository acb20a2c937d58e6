"""What somebody of a partner may do, for it and everything below it: a closed list, and four roles.

None of them reaches content or an address: no route of a partner has a PEN's scope (contract/partners.md §2).
"""

from __future__ import annotations

from typing import Literal, cast, get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Right = Literal[
    "see-figures", "see-statements", "change-companies", "hand-down", "change-label", "manage-staff"
]
RIGHTS = cast("tuple[Right, ...]", get_args(Right))

SENTENCES: dict[Right, str | Promise] = {
    "see-figures": _("see companies, how many people each has, and how many mails"),
    "see-statements": _("see and download the monthly statements"),
    "change-companies": _("set companies up, suspend and end them"),
    "hand-down": _("hand down settings, parts of templates and looks, and lock them"),
    "change-label": _("say what the portal is called below, and under which host names"),
    "manage-staff": _("say who works here and as what, and set up resellers below"),
}

BUILT_IN: dict[str, frozenset[Right]] = {
    "owner": frozenset(RIGHTS),
    "support": frozenset({"see-figures", "change-companies", "hand-down"}),
    "billing": frozenset({"see-figures", "see-statements"}),
    "viewer": frozenset({"see-figures"}),
}

ROLE_NAMES: dict[str, str | Promise] = {
    "owner": _("owner"),
    "support": _("support"),
    "billing": _("billing"),
    "viewer": _("viewer"),
}

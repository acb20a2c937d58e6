"""The levels at which readers show who they are, and what each is called: on every page that names one, the same words
(GLOSSARY; contract/reading.md §4)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

CODE, MEANS, STRONG = 1, 2, 3
ASKED = gettext_lazy("Readers show who they are at least by")
WORDS = [
    (CODE, gettext_lazy("a code by mail")),
    (
        MEANS,
        gettext_lazy("a shared secret or a code by telephone beside the code, or a passkey made after one"),
    ),
    (
        STRONG,
        gettext_lazy(
            "such a passkey that knows its user; colleagues by their company’s sign-in or a second factor"
        ),
    ),
]

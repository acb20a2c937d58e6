"""Domains as servers know them: in ASCII, by UTS 46 (contract/pick.md §2)."""

from __future__ import annotations

import re

import idna

_PREFIX = "xn--"
_LONGEST = 63  # octets of a label: RFC 1035 §2.3.4
_LABEL = re.compile(r"[a-z0-9_-]*").fullmatch


def ascii_domain(domain: str) -> str | None:
    """The domain in lower case with A-labels (RFC 5890); None where it has none.

    The characters are mapped as UTS 46 does without its transition: ß, ς and the joiners stay themselves. IDNA 2003
    made `strasse` of `straße`, which is another domain and may be another's. What maps to a sign that no domain has
    (a wide `@`) has no ASCII form.
    """
    if domain.isascii():
        return domain.lower()
    try:
        labels = [_label(label) for label in idna.uts46_remap(domain, std3_rules=False).split(".")]
    except UnicodeError:  # a character that no domain may have; idna's own errors are UnicodeErrors
        return None
    return ".".join(labels) if all(map(_LABEL, labels)) else None


def _label(label: str) -> str:
    """The A-label of a mapped label. Raises UnicodeError when it is too long."""
    if label.isascii():
        return label
    written = _PREFIX + label.encode("punycode").decode("ascii")
    if len(written) > _LONGEST:
        raise UnicodeError("a label is longer than 63 octets")
    return written

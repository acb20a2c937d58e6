"""The icons of `icons.svg`: a 20 px grid, 1.5 px line, round ends; drawn by CSS class `icon`, always beside a word."""

from __future__ import annotations

import re
from importlib.resources import files
from types import MappingProxyType

_SYMBOL = re.compile(r'<symbol id="([a-z]+)" viewBox="0 0 20 20">(.*?)</symbol>')

#: name → what stands inside `<svg viewBox="0 0 20 20">`.
PATHS = MappingProxyType(
    dict(_SYMBOL.findall(files("stationer.portal.site").joinpath("icons.svg").read_text("utf-8")))
)

#: Icons that point along the line of reading; they turn round where it runs right to left.
TURN = frozenset({"back", "next", "reply", "forward", "undo", "sent"})

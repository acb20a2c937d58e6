"""Which edition of the layout a company file is written in."""

from __future__ import annotations

from typing import NamedTuple

import yaml

from stationer.pick.company.forms import Node, Report, Schema


class Format(NamedTuple):
    """The number of the edition; nothing else is read as it."""

    number: int

    def read(self, node: Node, where: str, report: Report) -> int:
        report.mark(where, node)
        if not isinstance(node, yaml.ScalarNode) or node.value != str(self.number):
            said = f"{node.value!r}" if isinstance(node, yaml.ScalarNode) else "a table"
            what = f"This file says that it is of format {said}; here format {self.number} is read."
            report.wrong(where, node, what, "Export it anew, or bring it in where it came from.")
        return self.number

    def schema(self) -> Schema:
        return {"const": self.number, "description": "The edition of this layout; 1 where nothing is said."}

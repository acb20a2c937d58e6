"""`make conformance`: ours beside other inserters over the conformance suite; writes the tables of docs/conformance.md.

Each product is one command (src/stationer/conformance/peers); its report goes to var/conformance/NAME.json. A product
that is not installed is left out with a word, and its column with it. `--tables` only writes the tables again, from
reports that are there; `--only NAME` runs one product.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import Any

from stationer.conformance.cases import digest
from stationer.conformance.laws import LAWS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "conformance.md"
REPORTS = ROOT / "var" / "conformance"
OPENS, CLOSES = "<!-- made by `make conformance` -->", "<!-- end of what was made -->"

#: name → (what it is called in the tables, its module or command, the program it needs, the Debian packages it is in)
PRODUCTS = {
    "stationer": ("Stationer", "stationer", "", ""),
    "email": ("Python's email", "python_email", "", ""),
    "altermime": ("altermime", "altermime", "altermime", "altermime"),
    "mimedefang": (
        "MIMEDefang",
        "mimedefang",
        "mimedefang.pl",
        "mimedefang libnet-dns-perl libhtml-parser-perl",
    ),
    "rspamd": ("rspamd", "rspamd", "rspamadm", "rspamd"),
    "cat": ("`cat`", "", "", ""),
}


def main(arguments: list[str]) -> int:
    """Run what is installed, write the tables. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.conformance", description=__doc__)
    parser.add_argument(
        "--tables", action="store_true", help="only write the tables, from the reports of before"
    )
    parser.add_argument("--only", metavar="NAME", choices=PRODUCTS, help="run this product alone")
    parser.add_argument("--jobs", metavar="N", default="2", help="runs at a time; 2 by default")
    chosen = parser.parse_args(arguments)
    REPORTS.mkdir(parents=True, exist_ok=True)
    for name in () if chosen.tables else [chosen.only] if chosen.only else PRODUCTS:
        run(name, chosen.jobs)
    found = reports()
    if not found:
        print("There is no report of these mails.", file=sys.stderr)
        return 1
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(OPENS)
    after = rest.partition(CLOSES)[2]
    PAGE.write_text(f"{before}{OPENS}\n{tables(found)}\n{CLOSES}{after}", "utf-8")
    return 0


def run(name: str, jobs: str) -> None:
    """One product over the suite; the report gets its version and the day."""
    title, module, program, packages = PRODUCTS[name]
    if program and not which(program):
        print(f"{title} is left out: install {packages}")
        return
    command = f"{sys.executable} -m stationer.conformance.peers.{module}" if module else "cat"
    path = REPORTS / f"{name}.json"
    print(f"{title} …", flush=True)
    subprocess.run([sys.executable, "-m", "stationer", "conformance", command, "--jobs", jobs, "--json", path],
                   check=False, stdout=subprocess.DEVNULL)  # fmt: skip
    report = json.loads(path.read_bytes())
    report |= {"command": command.replace(sys.executable, "python"), "title": title, "version": version(name),
               "day": datetime.now(UTC).strftime("%Y-%m-%d")}  # fmt: skip
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


def version(name: str) -> str:
    """The product's version, as Debian or Python tells it."""
    if name == "stationer":
        return re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[1]  # type: ignore[index]
    if name == "email":
        return f"Python {platform.python_version()}"
    packages = PRODUCTS[name][3].split()
    if not packages:
        return "does nothing"
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", packages[0]], capture_output=True, text=True, check=False
    )
    return asked.stdout or "unknown version"


def reports() -> list[dict[str, Any]]:
    """The reports of the mails as they are now, in the products' order."""
    paths = [REPORTS / f"{name}.json" for name in PRODUCTS]
    found = [json.loads(path.read_bytes()) for path in paths if path.exists()]
    return [report for report in found if report["mails_digest"] == digest()]


def tables(found: list[dict[str, Any]]) -> str:
    """The three tables and what was measured with what."""
    titles = [report["title"] for report in found]
    days = sorted({report["day"] for report in found})
    versions = " · ".join(f"{report['title']} ({report['version']})" for report in found)
    total = [("mails that keep every law", [cell(report["mails"]) for report in found]),
             ("single checks that hold", [cell(report["checks"]) for report in found])]  # fmt: skip
    laws = [(law.title, [of(report["laws"], "law", law.key) for report in found]) for law in LAWS]
    clients = sorted({row["client"] for report in found for row in report["clients"]}, key=str.lower)
    by_client = [(name, [of(report["clients"], "client", name) for report in found]) for name in clients]
    return "\n\n".join([
        f"{' to '.join(dict.fromkeys((days[0], days[-1])))}, {found[0]['mails']['asked']} mails (set `{digest()}`): {versions}.",
        "### In all\n" + table("", titles, total),
        "### By law (in how many of the mails that the law asks something of it held)\n" + table("law", titles, laws),
        "### By client (how many of its mails keep every law)\n" + table("client", titles, by_client),
    ])  # fmt: skip


def cell(score: dict[str, int]) -> str:
    """`held/asked (percent)`; all is bold."""
    held, asked = score["held"], score["asked"]
    return f"**{held}/{asked}**" if held == asked else f"{held}/{asked} ({held * 100 // asked} %)"


def of(rows: list[dict[str, Any]], key: str, value: str) -> str:
    """The cell of one row of a report."""
    return next((cell(row) for row in rows if row[key] == value), "–")


def table(head: str, titles: list[str], rows: list[tuple[str, list[str]]]) -> str:
    """Markdown."""
    lines = [f"| {head} | {' | '.join(titles)} |", f"|---|{'---:|' * len(titles)}"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Annotations of a GitHub Actions run."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.model.findings import Level, Report
from commlint.model.places import Region
from commlint.report.escaping import visible
from commlint.report.report import render
from tests.unit.report.builders import chain, finding, report

ANYTHING = st.text(st.characters(codec=None))


def test_each_finding_is_one_command_and_the_worst_come_first() -> None:
    """Hops and help are further lines of the message."""
    note = finding("CL303", "blocking-call-in-async", Level.NOTE, "blocks", Region("a.py", 3, 1, 9, 2), help="")

    assert render(report(note, chain(), finding()), "github").splitlines() == [
        "::error col=12,endColumn=24,endLine=12,file=gateway/app.py,line=12,title=CL101 call-without-timeout"
        "::POST /orders waits for ever%0Ahelp: give it a timeout",
        "::warning endLine=12,file=gateway/app.py,line=12,title=CL104 deep-sync-chain"
        "::gateway waits for 3 services in a row"
        "%0A1. gateway/app.py:12  gateway: POST /orders%0A2. orders/app.py:22  orders: shop.Stock/Reserve",
        "::notice endLine=9,file=a.py,line=3,title=CL303 blocking-call-in-async::blocks",
    ]


def test_what_the_runner_reads_is_escaped() -> None:
    """Percent signs everywhere, colons and commas in properties."""
    fault = finding(message="100%, no: more", region=Region("a,b:c%.py"), help="")

    (line,) = render(Report("1", (fault,)), "github").splitlines()
    assert "file=a%2Cb%3Ac%25.py," in line
    assert line.endswith("::100%25, no: more")


@settings(deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_whatever_a_tree_holds_stays_inside_its_field(path: str, name: str, message: str) -> None:
    """Read as the runner reads it, every command gives back exactly what was said."""
    fault = finding(name=name, message=message, region=Region(path), help="")
    (line,) = render(Report("1", (fault,)), "github").split("\n")[:-1]

    read = re.fullmatch(r"::error ([^:]*)::(.*)", line)
    assert read
    properties = dict(pair.split("=", 1) for pair in read[1].split(","))
    assert _unescaped(properties.get("file", "")) == visible(path)
    assert _unescaped(properties["title"]) == visible(f"CL101 {name}")
    assert _unescaped(read[2]) == visible(message)


def _unescaped(text: str) -> str:
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, character)
    return text

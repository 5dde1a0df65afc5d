"""A system of many languages from files to findings: faults and twins of `fixtures/systems/polyglot`, and its edges."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from commlint.pipeline import Request, Result, run

SYSTEM = Path(__file__).parents[2] / "fixtures" / "systems" / "polyglot"
ROW = re.compile(r"^\| (?P<code>CL\d+) \| `(?P<fault>[^`]+)` \| `(?P<twin>[^`]+)` \|", re.MULTILINE)
ROWS = [
    (found["code"], found["fault"], found["twin"]) for found in ROW.finditer((SYSTEM / "README.md").read_text("utf-8"))
]
CALLS = {
    ("portal", "bookings"),
    ("portal", "tracking"),
    ("bookings", "routing"),
    ("bookings", "pricing"),
    ("pricing", "tariffs"),
    ("tracking", "routing"),
}
MESSAGES = {
    ("routing", "send", "routes.changed"),
    ("notices", "receive", "routes.changed"),
    ("depot", "send", "parcels.delivered"),
    ("notices", "receive", "parcels.delivered"),
    ("bookings", "send", "booking-events"),
    ("depot", "receive", "booking-events"),
    ("tracking", "receive", "booking-events"),
    ("depot", "receive", "parcels.undeliverable"),
}


@cache
def result() -> Result:
    return run(Request(SYSTEM, jobs=1))


def told() -> set[tuple[str, str]]:
    """Rule and place of every finding."""
    return {(finding.code, str(finding.region)) for finding in result().report.findings}


@pytest.mark.parametrize(("code", "fault", "twin"), ROWS)
def test_fault_is_told_and_its_twin_is_not(code: str, fault: str, twin: str) -> None:
    """The wrong way is found at its place, and the right way of doing the same is left alone."""
    assert (code, fault) in told()
    assert (code, twin) not in told()


def test_twins_are_lines_of_code() -> None:
    """A twin that has moved away would be silent for nothing."""
    for _, _, twin in ROWS:
        path, _, line = twin.partition(":")
        assert (SYSTEM / path).read_text("utf-8").splitlines()[int(line) - 1].strip()


def test_calls_across_languages() -> None:
    """Every call between services of different languages is an edge of the code, and no other is."""
    system = result().system
    own = {service.name for service in system.services if service.roots}
    found = {
        (edge.source_service, edge.target_service)
        for edge in system.edges
        if edge.source and edge.kind == "sync" and edge.target_service in own
    }

    assert found == CALLS


def test_messages_across_languages() -> None:
    """Channels tie senders to receivers, whatever language and library each uses."""
    system = result().system
    names = {channel.id: channel.name for channel in system.channels}
    found = {(edge.source_service, edge.kind, names.get(edge.target, "")) for edge in system.edges}

    assert found >= MESSAGES


def test_nothing_is_left_unresolved() -> None:
    """Every address of the system can be followed."""
    assert result().system.unresolved == ()

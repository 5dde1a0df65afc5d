"""A system whose faults stand around its code: faults and twins of `fixtures/systems/mesh`, and its edges."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from commlint.check.rule import all_rules
from commlint.pipeline import Request, Result, run
from commlint.store.config import load_config
from tests.acceptance.test_shop import AROUND

SYSTEM = Path(__file__).parents[2] / "fixtures" / "systems" / "mesh"
ROW = re.compile(r"^\| (?P<code>CL\d+) \| `(?P<fault>[^`]+)` \| `(?P<twin>[^`]+)` \|", re.MULTILINE)
ROWS = [
    (found["code"], found["fault"], found["twin"]) for found in ROW.finditer((SYSTEM / "README.md").read_text("utf-8"))
]


@cache
def result() -> Result:
    return run(Request(SYSTEM, load_config(SYSTEM).config, jobs=1))


def told() -> set[tuple[str, str]]:
    """Rule and place of every finding."""
    return {(finding.code, str(finding.region)) for finding in result().report.findings}


@pytest.mark.parametrize(("code", "fault", "twin"), ROWS)
def test_fault_is_told_and_its_twin_is_not(code: str, fault: str, twin: str) -> None:
    """The wrong way is found at its place, and the right way of doing the same is left alone."""
    assert (code, fault) in told()
    assert (code, twin) not in told()


def test_nothing_else_is_told() -> None:
    """Every finding is one of the faults the library was given."""
    assert told() == {(code, fault) for code, fault, _ in ROWS}


def test_every_rule_about_what_stands_around_the_code_has_a_fault() -> None:
    """What the shop does not show is shown here."""
    assert {code for code, _, _ in ROWS} == AROUND
    assert {rule.code for rule in all_rules()} >= AROUND


def test_twins_are_lines_of_code() -> None:
    """A twin that has moved away would be silent for nothing."""
    for _, _, twin in ROWS:
        path, _, line = twin.partition(":")
        assert (SYSTEM / path).read_text("utf-8").splitlines()[int(line) - 1].strip()


def test_function_is_started_by_what_is_sent_to_its_queue() -> None:
    """From code through the deployment's address to Terraform's queue, function and handler."""
    edges = {(edge.kind, edge.source_service, edge.target) for edge in result().system.edges}

    assert edges >= {
        ("send", "loans", "channel:sqs:notices"),
        ("receive", "notify", "channel:sqs:notices"),
        ("receive", "notify", "channel:sqs:recalls"),
        ("sync", "notify", "external:mail.example.com"),
    }

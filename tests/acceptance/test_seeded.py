"""Faults and twins of the example systems: what was done wrong on purpose is told, and nothing else is."""

from __future__ import annotations

import pytest

from commlint.check.rule import all_rules
from tests.acceptance.seeded import MESH, POLYGLOT, SHOP, SYSTEMS, Seeded

ROWS = [(system, *row) for system in SYSTEMS for row in system.rows]
# Rules about what stands around the code; `fixtures/systems/mesh` shows them.
AROUND = frozenset((
    "CL106", "CL110", "CL211", "CL212", "CL601", "CL602", "CL603", "CL604", "CL605",
))  # fmt: skip
# Silent until somebody says that a system is complete; the cases do.
SAID = frozenset(("CL210",))
# Rules about what only traces show; the recorded one holds nothing of the kind, their cases do.
TRACED = frozenset(("CL502", "CL503", "CL504", "CL505", "CL506", "CL507", "CL508"))


@pytest.mark.parametrize(("system", "code", "fault", "twin"), ROWS, ids=str)
def test_fault_is_told_and_its_twin_is_not(system: Seeded, code: str, fault: str, twin: str) -> None:
    """The wrong way is found at its place, and the right way of doing the same is left alone."""
    assert (code, fault) in system.told()
    assert (code, twin) not in system.told()


@pytest.mark.parametrize("system", [SHOP, MESH], ids=str)
def test_nothing_else_is_told(system: Seeded) -> None:
    """Every finding is one of the faults the system was given."""
    assert system.told() == {(code, fault) for code, fault, _ in system.rows}


@pytest.mark.parametrize("system", SYSTEMS, ids=str)
def test_twins_are_lines_of_code(system: Seeded) -> None:
    """A twin that has moved away would be silent for nothing."""
    for _, _, twin in system.rows:
        path, _, line = twin.partition(":")
        assert (system.root / path).read_text("utf-8").splitlines()[int(line) - 1].strip()


def test_every_rule_about_code_has_a_fault_in_the_shop() -> None:
    """The demo shows all that is looked for in code; it has no mesh and no infrastructure code."""
    assert SHOP.codes == {rule.code for rule in all_rules()} - AROUND - SAID - TRACED


def test_every_rule_about_what_stands_around_the_code_has_a_fault_in_the_mesh() -> None:
    """What the shop does not show is shown there."""
    assert MESH.codes == AROUND


def test_faults_in_many_languages_are_those_of_the_shop() -> None:
    """What the shop shows in Python stands in services of other languages too."""
    assert POLYGLOT.codes <= SHOP.codes | AROUND
